using System.Text;
using Xunit;

namespace Roster.Tests.Api.BadInput;

/// <summary>What is text in JSON, and what no store keeps the same on every engine.</summary>
public sealed class TextTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string> NoText =>
        ["\\u0000", "a\\u0000", "\\ud800", "\\udc00", "a\\udbffb", "\\udc00\\ud800", "\\ud800\\ud800", "\\uD83D\\u0041", "\\ud83d\\\\ude00"];

    /// <summary>Stray continuation bytes, cut sequences, overlong forms, encoded surrogates, beyond Unicode, UTF-16.</summary>
    public static TheoryData<string> NoUtf8 =>
    [
        "80", "FF", "FEFF", "C3", "C328", "E282", "F09F98", "C080", "C0AF", "E080AF", "EDA080", "EDBFBF", "F4908080", "F888808080",
    ];

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task NUL_and_lone_surrogates_are_refused_in_values(string text)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PostAsync("/users", $$"""{ "name": "{{text}}", "email": "{{ApiClient.NewEmail()}}" }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{text}}@example.com" }""")).IsProblem(422, "invalid", "email");
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "a@{{text}}.com" }""")).IsProblem(422, "invalid", "email");
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "name": "{{text}}", "email": "{{text}}" }""")).IsProblem(422, "invalid", "name", "email");
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "{{text}}", "scopes": ["users:read"] }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PostAsync("/keys", $$"""{ "name": "k", "scopes": ["users:read", "{{text}}"] }""")).IsProblem(422, "invalid", "scopes");
        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{user.Id}")).Version);
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task NUL_and_lone_surrogates_are_refused_in_field_names(string text)
    {
        foreach (var (method, path) in ((string, string)[])[("POST", "/users"), ("PATCH", $"/users/{(await server.Admin.SignUpAsync()).Id}"), ("POST", "/users:get"), ("POST", "/keys")])
        {
            (await server.Admin.SendAsync(method, path, $$"""{ "{{text}}": 1 }""")).IsProblem(422, "invalid");
        }
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task NUL_and_lone_surrogates_are_refused_anywhere_in_attributes(string text)
    {
        var user = await server.Admin.SignUpAsync();
        foreach (var attributes in (string[])[$$"""{ "{{text}}": 1 }""", $$"""{ "a": "{{text}}" }""", $$"""{ "a": [{ "{{text}}": null }, ["{{text}}"]] }"""])
        {
            (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}", "attributes": {{attributes}} }"""))
                .IsProblem(422, "invalid", "attributes");
            (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "attributes": {{attributes}} }""")).IsProblem(422, "invalid", "attributes");
        }
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task An_idempotency_key_does_not_make_a_fault_of_it(string text)
    {
        (string, string) key = ("Idempotency-Key", ApiClient.NewEmail());
        (await server.Admin.PostAsync("/users", $$"""{ "name": "{{text}}", "email": "{{ApiClient.NewEmail()}}" }""", key)).IsProblem(422, "invalid");
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}", "{{text}}": 1 }""", key)).IsProblem(422, "invalid");
    }

    [Theory]
    [MemberData(nameof(NoUtf8))]
    public async Task Invalid_UTF_8_is_malformed(string bytes)
    {
        var user = await server.Admin.SignUpAsync();
        foreach (var (method, path, template) in ((string, string, string)[])
        [
            ("POST", "/users", """{ "name": "A~", "email": "a@example.com" }"""),
            ("POST", "/users", """{ "name": "A", "email": "~@example.com" }"""),
            ("POST", "/users", """{ "name": "A", "email": "a@example.com", "~": 1 }"""),
            ("POST", "/users", """{ "name": "A", "email": "a@example.com", "attributes": { "~": "~" } }"""),
            ("POST", "/users", """{ "name": "A", "email": "a@example.com" }~"""),
            ("POST", "/users", "~"),
            ("PATCH", $"/users/{user.Id}", """{ "name": "~" }"""),
            ("PATCH", $"/users/{user.Id}", """{ "attributes": { "a": "~" } }"""),
            ("POST", "/users:get", """{ "ids": ["~"] }"""),
            ("POST", "/keys", """{ "name": "~", "scopes": ["users:read"] }"""),
        ])
        {
            (await server.Admin.SendBytesAsync(method, path, With(template, Convert.FromHexString(bytes)))).IsProblem(400, "malformed");
        }

        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{user.Id}")).Version);
    }

    [Fact]
    public async Task UTF_16_is_malformed()
    {
        var body = Encoding.Unicode.GetBytes("""{ "name": "A", "email": "a@example.com" }""");
        (await server.Admin.SendBytesAsync("POST", "/users", body)).IsProblem(400, "malformed");
        (await server.Admin.SendBytesAsync("POST", "/users", [0xFF, 0xFE, .. body])).IsProblem(400, "malformed");
    }

    [Fact]
    public async Task Ids_that_are_no_text_are_no_fault() => Assert.Equal(
        422, (await server.Admin.PostAsync("/users:get", """{ "ids": ["\ud800"] }""")).IsProblem(422, "invalid", "ids").Status);

    private static byte[] With(string template, byte[] bytes) =>
        Encoding.Latin1.GetBytes(template.Replace("~", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal));
}
