using System.Text;
using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class BodyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Nobody = "/users/01890a5d-ac96-774b-bcce-b302099a8057";

    /// <summary>Every endpoint that takes JSON, with its required fields.</summary>
    private static readonly (string Method, string Path)[] Takers = [("POST", "/users"), ("PATCH", Nobody), ("POST", "/users:get"), ("POST", "/keys")];

    public static TheoryData<string> NoJson =>
    [
        "", " ", "{", "}", "{ \"name\": ", "{ \"name\": \"Ada\" ", "{ \"name\": \"Ada }", "{ name: \"Ada\" }", "{ 'name': 'Ada' }", "{ \"name\": \"Ada\", }",
        "{ \"name\": \"Ada\" } x", "{}{}", "{ \"name\": \"A\nda\" }", "{ \"name\": \"\\x\" }", "{ \"name\": \"\\ud8\" }", "{ \"name\": 01 }", "{ \"name\": NaN }",
        "// {}", "/* */ {}", "\0", "{ \"name\": \"A\0da\" }", "name=Ada&email=ada%40example.com", "<user/>", "nul", "\"", "[", "[1,]", "{ \"a\": .5 }",
    ];

    public static TheoryData<string> NoObject => ["null", "true", "1", "-0.5e9", "\"Ada\"", "[]", "[{}]"];

    public static TheoryData<string, string, string, string> WrongTypes
    {
        get
        {
            string[] texts = ["1", "true", "{}", "[]", "[\"a\"]"];
            string[] objects = ["1", "true", "\"a\"", "[]", "[{}]"];
            string[] lists = ["1", "true", "\"a\"", "{}", "[1]", "[null]", "[[]]", "[\"a\", {}]", "null"];
            (string Method, string Path, string Name, string[] Values)[] all =
            [
                ("POST", "/users", "name", texts),
                ("POST", "/users", "email", texts),
                ("POST", "/users", "attributes", [.. objects, "null"]),
                ("PATCH", Nobody, "name", texts),
                ("PATCH", Nobody, "email", texts),
                ("PATCH", Nobody, "attributes", objects),
                ("POST", "/users:get", "ids", lists),
                ("POST", "/keys", "name", texts),
                ("POST", "/keys", "scopes", lists),
                ("POST", "/keys", "expiresAt", [.. texts, "\"tomorrow\"", "\"\"", "\"2026-13-01T00:00:00Z\""]),
            ];
            var data = new TheoryData<string, string, string, string>();
            foreach (var (method, path, name, values) in all)
            {
                foreach (var value in values)
                {
                    data.Add(method, path, name, value);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NoJson))]
    public async Task What_is_no_JSON_is_malformed(string body)
    {
        foreach (var (method, path) in Takers)
        {
            (await server.Admin.SendAsync(method, path, body)).IsProblem(400, "malformed");
        }
    }

    [Theory]
    [MemberData(nameof(NoObject))]
    public async Task What_is_no_object_is_malformed(string body)
    {
        foreach (var (method, path) in Takers)
        {
            (await server.Admin.SendAsync(method, path, body)).IsProblem(400, "malformed");
        }
    }

    [Fact]
    public async Task No_body_at_all_is_malformed()
    {
        foreach (var (method, path) in Takers)
        {
            (await server.Admin.SendAsync(method, path, null)).IsProblem(400, "malformed");
        }
    }

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task A_wrong_type_is_named(string method, string path, string field, string value) =>
        (await server.Admin.SendAsync(method, path, $$"""{ "{{field}}": {{value}} }""")).IsProblem(400, "wrong-type", field);

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Deep_nesting_is_refused(int levels)
    {
        var arrays = new string('[', levels) + new string(']', levels);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
        foreach (var (method, path) in Takers)
        {
            foreach (var deep in (string[])[arrays, objects, $$"""{ "attributes": {{arrays}} }""", $$"""{ "attributes": {{objects}} }""", arrays[..levels]])
            {
                (await server.Admin.SendAsync(method, path, deep)).IsProblem(400, "malformed");
            }
        }
    }

    [Fact]
    public async Task A_field_given_twice_is_refused()
    {
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}", "name": "A" }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PostAsync("/users", $$"""{ "name": "A", "email": "{{ApiClient.NewEmail()}}", "n\u0061me": "B" }""")).IsProblem(422, "invalid", "name");
        (await server.Admin.PostAsync("/users", $$$"""{ "name": "A", "email": "{{{ApiClient.NewEmail()}}}", "attributes": { "a": { "b": 1, "\u0062": 1 } } }""")).IsProblem(422, "invalid", "attributes");
        (await server.Admin.PatchAsync($"/users/{(await server.Admin.SignUpAsync()).Id}", """{ "email": "a@example.com", "email": "a@example.com" }""")).IsProblem(422, "invalid", "email");
        (await server.Admin.PostAsync("/users:get", """{ "ids": [], "ids": [] }""")).IsProblem(422, "invalid", "ids");
        (await server.Admin.PostAsync("/keys", """{ "name": "k", "scopes": ["users:read"], "scopes": ["admin"] }""")).IsProblem(422, "invalid", "scopes");
    }

    [Fact]
    public async Task Unknown_fields_are_refused_and_not_echoed_without_end()
    {
        var user = await server.Admin.SignUpAsync();
        foreach (var (method, path) in Takers)
        {
            (await server.Admin.SendAsync(method, path.Replace(Nobody, $"/users/{user.Id}", StringComparison.Ordinal), """{ "Name": "A", "": 1, "id": "x" }""")).IsProblem(422, "invalid", "Name", "", "id");
        }

        var many = "{" + string.Join(",", Enumerable.Range(0, 50_000).Select(i => $"\"unknown{i}\":{i}")) + "}";
        var answer = await server.Admin.PostAsync("/users", many);
        answer.IsProblem(422, "invalid");
        Assert.InRange(answer.Body.Length, 1, 8192);
        answer = await server.Admin.PostAsync("/users", $$"""{ "{{new string('x', 900_000)}}": 1 }""");
        answer.IsProblem(422, "invalid");
        Assert.InRange(answer.Body.Length, 1, 8192);
        answer = await server.Admin.PostAsync("/keys", $$"""{ "name": "k", "scopes": ["{{new string('x', 900_000)}}"] }""");
        answer.IsProblem(422, "invalid", "scopes");
        Assert.InRange(answer.Body.Length, 1, 8192);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_fault() => (await server.Admin.SendBytesAsync(
        "POST", "/users", Encoding.UTF8.GetBytes($$"""{{'\uFEFF'}}{ "name": "A", "email": "{{ApiClient.NewEmail()}}" }"""))).Is(201);
}
