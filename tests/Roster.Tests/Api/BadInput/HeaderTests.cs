using System.Text;
using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class HeaderTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Token = "Consistency-Token";

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("\"1")]
    [InlineData("'1'")]
    [InlineData("\"1\" \"2\"")]
    [InlineData("\"1\", x")]
    [InlineData("\"1\"\"")]
    public async Task A_condition_that_is_none_is_malformed(string tags)
    {
        var user = await server.Admin.SignUpAsync();
        (await RawAsync("GET", $"/users/{user.Id}", $"If-None-Match: {tags}"))!.IsProblem(400, "malformed");
        (await RawAsync("PATCH", $"/users/{user.Id}", $"If-Match: {tags}", "{}"))!.IsProblem(400, "malformed");
        (await RawAsync("DELETE", $"/users/{user.Id}", $"If-Match: {tags}"))!.IsProblem(400, "malformed");
        (await server.Admin.GetAsync($"/users/{user.Id}")).Is(200);
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("\"01\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"99999999999999999999999\"")]
    public async Task A_tag_of_no_version_matches_nothing(string tag) =>
        (await server.Admin.PatchAsync($"/users/{(await server.Admin.SignUpAsync()).Id}", "{}", ("If-Match", tag))).IsProblem(412, "version-mismatch");

    [Fact]
    public async Task A_token_of_ours_in_another_spelling_is_refused()
    {
        var token = (await server.Admin.SignUpAsync()).Header(Token)!;
        (await server.Admin.GetAsync("/users", (Token, token))).Is(200);
        foreach (var other in (string[])[token.Insert(2, " "), token.Insert(2, "\t"), token + "=", token + "%", token + "==", token + ",", token + ",é", "é", ""])
        {
            (await RawAsync("GET", "/users", $"{Token}: {Latin1(other)}"))!.IsProblem(400, "bad-consistency-token");
        }

        // Several are a list, in one line or in more (RFC 9110, 5.3).
        (await RawAsync("GET", "/users", $"{Token}: {token}\r\n{Token}: {token}"))!.Is(200);
    }

    [Fact]
    public async Task An_idempotency_key_may_be_any_text_of_1_to_255_characters()
    {
        var body = $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}" }""";
        (await RawAsync("POST", "/users", "Idempotency-Key: ", body))!.IsProblem(400, "malformed");
        (await RawAsync("POST", "/users", $"Idempotency-Key: {new string('k', 256)}", body))!.IsProblem(400, "malformed");
        (await RawAsync("POST", "/users", $"Idempotency-Key: {Latin1("schlüssel 😀")}", body))!.Is(201);
        (await RawAsync("POST", "/users", $"Idempotency-Key: {Latin1("schlüssel 😀")}", body))!.Is(201);
    }

    [Theory]
    [InlineData("Idempotency-Key: \xFF")]
    [InlineData("Idempotency-Key: \0")]
    [InlineData("If-Match: \xC3")]
    [InlineData("Consistency-Token: \xED\xA0\x80")]
    [InlineData("No-Colon")]
    [InlineData(": no name")]
    [InlineData("Space : x")]
    [InlineData("Host: second")]
    public async Task Headers_that_are_no_text_are_a_bad_request(string header) => (await RawAsync("GET", "/users", header))!.Is(400);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x y")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("{key}")]
    [InlineData("Bearer{key}")]
    [InlineData("Bearer \"{key}\"")]
    [InlineData("Bearer {key}, Bearer {key}")]
    [InlineData("Bearer {key}\r\nAuthorization: Bearer {key}")]
    [InlineData("Token {key}")]
    [InlineData("")]
    public async Task An_authorization_of_another_form_lets_nobody_in(string value)
    {
        var head = $"GET /users HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: {value.Replace("{key}", server.AdminKey, StringComparison.Ordinal)}";
        (await RawConnection.SendAsync(server.Url, head, default))!.IsProblem(401, "unauthenticated");
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    [InlineData("application")]
    [InlineData("*/*")]
    [InlineData("application/json, application/json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_not_supported(string type)
    {
        foreach (var (method, path) in ((string, string)[])
            [("POST", "/users"), ("PATCH", "/users/01890a5d-ac96-774b-bcce-b302099a8057"), ("POST", "/users:get"), ("POST", "/keys"), ("POST", "/users/import")])
        {
            (await RawAsync(method, path, $"Content-Type: {type}", "{}"))!.IsProblem(415);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"; x=y")]
    public async Task JSON_in_UTF_8_is_supported_however_it_is_written(string type) => (await RawAsync(
        "POST", "/users", $"Content-Type: {type}", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}" }"""))!.Is(201);

    private Task<Answer?> RawAsync(string method, string path, string header, string body = "") => RawConnection.SendAsync(
        server.Url, $"{method} {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {server.AdminKey}\r\n{header}", Encoding.UTF8.GetBytes(body));

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
