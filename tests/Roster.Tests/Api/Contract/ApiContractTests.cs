using System.Text;
using Xunit;
using Xunit.Sdk;

namespace Roster.Tests.Api.Contract;

/// <summary>What the contract's check must see, each with the answer that would slip through without it.</summary>
public sealed class ApiContractTests
{
    private const string Id = "01890a5d-ac96-774b-bcce-b302099a8057";
    private const string User =
        $$"""{ "id": "{{Id}}", "name": "Ada", "email": "ada@example.com", "attributes": {}, "status": "active", "version": 1, "createdAt": "2026-01-31T12:00:00Z", "updatedAt": "2026-01-31T12:00:00Z" }""";

    private static readonly string[] OfUser = ["ETag: \"1\""];
    private static readonly string[] OfWrite = ["ETag: \"1\"", "Consistency-Token: AQ", $"Location: /users/{Id}"];

    [Fact]
    public void An_answer_as_promised_passes()
    {
        Check("GET", $"/users/{Id}", 200, User, OfUser);
        Check("GET", $"/users/{Id}/", 200, User, OfUser);
        Check("HEAD", $"/users/{Id}", 200, "", OfUser);
        Check("POST", "/users", 201, User, OfWrite, body: """{ "name": "Ada", "email": "ada@example.com" }""");
        Check("GET", "/users?limit=500", 200, "[]", []);
        Check("GET", "/nothing", 404, Problem(404, "about:blank"), []);
        Check("PUT", "/users", 405, Problem(405, "about:blank"), ["Allow: GET, POST"]);
        Check("GET", "/users/export", 200, User.ReplaceLineEndings("") + "\n", [], "application/x-ndjson");
    }

    [Theory]
    [InlineData("a path that is not listed", "GET", "/nothing", 200, "[]", "404 was to be expected")]
    [InlineData("a method that is not listed", "PUT", "/users", 200, "[]", "405 was to be expected")]
    [InlineData("a status that is not listed", "GET", "/users", 202, "[]", "listUsers has no answer 202")]
    [InlineData("a wrong type", "GET", "/users", 200, "{}", "$ breaks type")]
    [InlineData("a field that is not in the schema", "GET", "/users", 200, """[{ "age": 1 }]""", "$[0].age is not in the schema")]
    [InlineData("a missing field", "GET", "/users", 200, """[{ "id": "x" }]""", "$[0] breaks required")]
    [InlineData("a wrong format", "GET", "/users", 200, """[{ "id": "x" }]""", "$[0].id breaks format")]
    [InlineData("a missing header", "GET", "/users/1", 200, User, "there is no ETag")]
    [InlineData("a header that is not listed", "GET", "/users", 200, "[]", "X-Powered-By is not listed", "X-Powered-By: x")]
    [InlineData("a header of another form", "GET", "/users/1", 200, User, "ETag: $ breaks pattern", "ETag: 1")]
    [InlineData("a body where none may be", "GET", "/users/1", 304, "x", "a body where none is promised", "ETag: \"1\"")]
    [InlineData("a limit that may not succeed", "GET", "/users?limit=501", 200, "[]", "the request succeeded, but $ breaks maximum")]
    [InlineData("a line of another kind", "GET", "/users/export", 200, "{}\n", "$ breaks required", null, "application/x-ndjson")]
    [InlineData("another media type", "GET", "/users", 200, "[]", "the content type text/html is not listed", null, "text/html; charset=utf-8")]
    public void Is_seen(string what, string method, string target, int status, string answer, string said, string? header = null, string? type = null)
    {
        Assert.NotEmpty(what);
        var failure = Assert.ThrowsAny<XunitException>(() => Check(method, target, status, answer, header is null ? [] : [header], type));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_may_not_succeed_is_seen()
    {
        var failure = Assert.ThrowsAny<XunitException>(() => Check("POST", "/users", 201, User, OfWrite, body: """{ "name": "Ada" }"""));
        Assert.Contains("the request succeeded, but $ breaks required", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_of_a_kind_that_the_status_does_not_have_is_seen()
    {
        var failure = Assert.ThrowsAny<XunitException>(() => Check("GET", "/users/1", 404, Problem(404, "about:blank"), []));
        Assert.Contains("$.type breaks enum", failure.Message, StringComparison.Ordinal);
    }

    private static void Check(
        string method, string target, int status, string answer, string[] headers, string? type = null, string body = "")
    {
        var all = headers.Select(header => header.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        all["Content-Type"] = type ?? (status >= 400 ? "application/problem+json" : "application/json; charset=utf-8");
        var bytes = Encoding.UTF8.GetBytes(body);
        ApiContract.Served.Check(new Exchange(method, target, "application/json", bytes, new Answer(status, all, Encoding.UTF8.GetBytes(answer))));
    }

    private static string Problem(int status, string type) =>
        $$"""{ "type": "{{type}}", "title": "x", "status": {{status}}, "detail": "x", "traceId": "0af7651916cd43dd8448eb211c80319c" }""";
}
