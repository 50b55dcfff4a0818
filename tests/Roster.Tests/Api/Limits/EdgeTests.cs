using System.Text;
using Roster.Tests.Api.BadInput;
using Xunit;

namespace Roster.Tests.Api.Limits;

/// <summary>Every limit: the last that passes, the first that does not.</summary>
public sealed class EdgeTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("😀")]
    public async Task A_name_has_200_characters_and_no_more(string character)
    {
        var (most, over) = (string.Concat(Enumerable.Repeat(character, 200)), string.Concat(Enumerable.Repeat(character, 201)));
        var user = await server.Admin.SignUpAsync(most);
        Assert.Equal(most, user.Text("name"));
        (await server.Admin.PostAsync("/users", $$"""{ "name": "{{over}}", "email": "{{ApiClient.NewEmail()}}" }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "name": "{{over}}" }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "{{most}}", "scopes": ["users:read"] }""")).Is(201);
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "{{over}}", "scopes": ["users:read"] }""")).IsProblem(422, "invalid", "name");
    }

    [Fact]
    public async Task An_email_has_254_characters_and_no_more()
    {
        // A local part of 64 and labels of 63 at most (RFC 5321, RFC 1035).
        var domain = $"{new string('b', 63)}.{new string('c', 63)}.{new string('d', 57)}.com";
        var most = $"{new string('a', 64)}@{domain}";
        Assert.Equal(254, most.Length);
        (await server.Admin.SignUpAsync(email: most)).Is(201);
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{most.Replace(".com", ".info", StringComparison.Ordinal)}}" }""")).IsProblem(422, "invalid", "email");
    }

    [Fact]
    public async Task Attributes_have_16_KiB_and_no_more()
    {
        string Sized(int bytes) => $$"""{"a":"{{new string('x', bytes - 8)}}"}""";
        (await TryAsync(Sized(16 * 1024))).Is(201);
        (await TryAsync(Sized((16 * 1024) + 1))).IsProblem(422, "invalid", "attributes");
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "attributes": {{Sized(16 * 1024)}} }""")).Is(200);
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "attributes": { "b": 1 } }""")).IsProblem(422, "invalid", "attributes");
    }

    [Fact]
    public async Task Attributes_have_8_levels_and_no_more()
    {
        string Deep(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
        (await TryAsync(Deep(8))).Is(201);
        (await TryAsync(Deep(9))).IsProblem(422, "invalid", "attributes");
        (await TryAsync($$"""{ "a": {{new string('[', 7)}}{{new string(']', 7)}} }""")).Is(201);
        (await TryAsync($$"""{ "a": {{new string('[', 8)}}{{new string(']', 8)}} }""")).IsProblem(422, "invalid", "attributes");
    }

    [Fact]
    public async Task Up_to_500_ids_and_users_come_at_once()
    {
        string Ids(int count) => $$"""{ "ids": [{{string.Join(",", Enumerable.Repeat("\"x\"", count))}}] }""";
        (await server.Admin.PostAsync("/users:get", Ids(500))).Is(200);
        (await server.Admin.PostAsync("/users:get", Ids(501))).IsProblem(422, "invalid", "ids");
        var user = await server.Admin.SignUpAsync();
        foreach (var list in (string[])["/users", $"/users/{user.Id}/history"])
        {
            Assert.Single((await server.Admin.GetAsync($"{list}?limit=1")).Is(200).Items);
            (await server.Admin.GetAsync($"{list}?limit=500")).Is(200);
            (await server.Admin.GetAsync($"{list}?limit=501")).IsProblem(422, "invalid", "limit");
            (await server.Admin.GetAsync($"{list}?limit=0")).IsProblem(422, "invalid", "limit");
        }
    }

    [Fact]
    public async Task An_idempotency_key_has_255_characters_and_no_more()
    {
        var user = await server.Admin.SignUpAsync();
        foreach (var (method, path, body, status) in ((string, string, string?, int)[])
        [
            ("POST", "/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}" }""", 201), ("PATCH", "", "{}", 200),
            ("POST", "/suspend", null, 200), ("POST", "/reactivate", null, 200), ("DELETE", "", null, 204),
        ])
        {
            var to = path == "/users" ? path : $"/users/{user.Id}{path}";
            var key = $"{method}{path}".PadRight(255, 'k');
            (await server.Admin.SendAsync(method, to, body, ("Idempotency-Key", key + "k"))).IsProblem(400, "malformed");
            (await server.Admin.SendAsync(method, to, body, ("Idempotency-Key", key))).Is(status);
        }
    }

    [Fact]
    public async Task A_key_has_some_known_scopes_and_an_end_to_come()
    {
        string Scopes(int count) => string.Join(",", Enumerable.Repeat("\"users:read\"", count));
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "k", "scopes": [{{Scopes(32)}}] }""")).Is(201);
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "k", "scopes": [{{Scopes(33)}}] }""")).IsProblem(422, "invalid", "scopes");
        (await server.Admin.PostAsync("/keys", """{ "name": "k", "scopes": [] }""")).IsProblem(422, "invalid", "scopes");
        (await server.Admin.PostAsync("/keys", """{ "name": "", "scopes": ["USERS:READ"] }""")).IsProblem(422, "invalid", "name", "scopes");
        (await server.Admin.PostAsync("/keys", """{ "name": "k", "scopes": ["admin"], "expiresAt": "9999-12-31T23:59:59Z" }""")).Is(201);
        (await server.Admin.PostAsync("/keys", """{ "name": "k", "scopes": ["admin"], "expiresAt": "0001-01-01T00:00:00Z" }""")).IsProblem(422, "invalid", "expiresAt");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_has_a_mebibyte_and_no_more(bool chunked)
    {
        async Task<Answer> SendAsync(int length)
        {
            var body = $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}" }""".PadRight(length);
            var head = $"POST /users HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {server.AdminKey}";
            return (chunked
                ? await RawConnection.SendBytesAsync(server.Url, Encoding.ASCII.GetBytes(
                    $"{head}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"))
                : await RawConnection.SendAsync(server.Url, head, Encoding.ASCII.GetBytes(body)))!;
        }

        // Kestrel counts the chunks' own lines too.
        (await SendAsync(chunked ? Mebibyte - 16 : Mebibyte)).Is(201);
        (await SendAsync(Mebibyte + 1)).IsProblem(413);
    }

    [Fact]
    public async Task Headers_and_request_lines_have_an_end()
    {
        (await HeadAsync("/livez", $"X: {new string('x', 30_000)}")).Is(200);
        (await HeadAsync("/livez", $"X: {new string('x', 33_000)}")).Is(431);
        (await HeadAsync("/livez", string.Join("\r\n", Enumerable.Range(0, 60).Select(i => $"X{i}: x")))).Is(200);
        (await HeadAsync("/livez", string.Join("\r\n", Enumerable.Range(0, 65).Select(i => $"X{i}: x")))).Is(431);
        (await HeadAsync($"/livez?{new string('x', 16_000)}", "X: x")).Is(200);
        (await HeadAsync($"/livez?{new string('x', 17_000)}", "X: x")).Is(414);
        (await server.Nobody.GetAsync("/livez")).Is(200);
    }

    private async Task<Answer> HeadAsync(string target, string headers) =>
        (await RawConnection.SendAsync(server.Url, $"GET {target} HTTP/1.1\r\nHost: {server.Url.Authority}\r\n{headers}", default))!;

    private Task<Answer> TryAsync(string attributes) => server.Admin.PostAsync(
        "/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}", "attributes": {{attributes}} }""");
}
