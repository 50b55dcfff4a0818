using CsCheck;
using Xunit;

namespace Roster.Tests.Api.GraphQL;

public sealed class HostileQueryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] Words =
    [
        "{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "\"", "\"\"\"", "query", "mutation", "subscription", "fragment", "on", "user", "users", "posts",
        "first", "id", "name", "User", "1e999", "-0", "99999999999999999999999999", "null", "\\u0000", "é", "#", ",", "_entities", "representations", "__typename", "\u2028", "=",
    ];

    public static TheoryData<string, string> Refused => new()
    {
        { "TOO_DEEP", Nested(16) },
        { "SYNTAX_ERROR", Nested(1_000) },
        { "TOO_WIDE", $"{{ {string.Concat(Enumerable.Repeat("__typename ", 501))} }}" },
        { "TOO_MANY_ALIASES", $"{{ {string.Concat(Enumerable.Range(0, 51).Select(i => $"a{i}: __typename "))} }}" },
        { "CYCLIC_FRAGMENT", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }" },
        { "TOO_WIDE", $"{{ ...f0 }} {string.Concat(Enumerable.Range(0, 20).Select(i => $"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }} "))} fragment f20 on Query {{ __typename }}" },
        { "TOO_WIDE", $"{{ __typename }} fragment unused on User {{ {string.Concat(Enumerable.Repeat("id ", 501))} }}" },
        { "TOO_MANY_OPERATIONS", string.Concat(Enumerable.Range(0, 11).Select(i => $"query q{i} {{ __typename }} ")) },
        { "TOO_COSTLY", "{ users(first: 500) { nodes { posts(first: 500) { nodes { id } } } } }" },
        { "TOO_COSTLY", "{ users(first: 100) { nodes { posts(first: 10) { nodes { author { posts(first: 10) { nodes { id } } } } } } } }" },
        { "BAD_PAGE_SIZE", "{ users(first: -1) { nodes { id } } }" },
        { "BAD_PAGE_SIZE", "{ users(first: 501) { nodes { id } } }" },
        { "BAD_PAGE_SIZE", "{ users(first: 99999999999999999999) { nodes { id } } }" },
        { "TOO_LONG", $"{{ user(id: \"{new string('x', 33_000)}\") {{ id }} }}" },
        { "TOO_MANY_REPRESENTATIONS", $"{{ _entities(representations: [{string.Concat(Enumerable.Repeat("1 ", 501))}]) {{ __typename }} }}" },
    };

    [Fact]
    public async Task Limits_hold_on_cached_documents()
    {
        const string Query = "query($n: Int) { users(first: $n) { nodes { id } } }";
        await server.Admin.DataAsync(Query, new { n = 1 });
        await server.Admin.DataAsync(Query, new { n = 2 });
        Assert.Equal("BAD_PAGE_SIZE", (await server.Admin.AskAsync(Query, new { n = -1 })).Is(400).Code());
        Assert.Equal("BAD_PAGE_SIZE", (await server.Admin.AskAsync(Query, new { n = 1_000_000 })).Is(400).Code());
        Assert.Equal("BAD_PAGE_SIZE", (await server.Admin.AskAsync("query($n: Int = 501) { users(first: $n) { nodes { id } } }")).Is(400).Code());
    }

    [Fact]
    public async Task Introspection_wants_a_key()
    {
        await using var open = await RunningServer.StartAsync(("Roster:Auth:AnonymousScopes", "users:read"));
        Assert.Equal("INTROSPECTION_REFUSED", (await open.Nobody.AskAsync("{ __schema { types { name } } }")).Is(400).Code());
        Assert.Equal("INTROSPECTION_REFUSED", (await open.Nobody.AskAsync("{ _service { sdl } }")).Is(400).Code());
        (await open.Admin.AskAsync("{ __schema { types { name } } }")).Is(200);
    }

    [Fact]
    public Task Whatever_is_sent_is_no_fault_of_the_server() =>
        Gen.OneOf([.. Words.Select(Gen.Const)])
        .List[1, 40].SampleAsync(
            async words =>
            {
                var answer = await server.Admin.AskAsync(string.Join(' ', words));
                Assert.True(answer.Status is 200 or 400, answer.ToString());
            },
            iter: 300);

    [Theory]
    [InlineData("""[{ "query": "{ __typename }" }]""")]
    [InlineData("""{ "query": null }""")]
    [InlineData("""{ "query": "{ __typename }", "variables": [] }""")]
    [InlineData("""{ "query": "{ __typename }", "operationName": "nope" }""")]
    [InlineData("""{ "query": "{ __typename }", "extensions": { "persistedQuery": 1 } }""")]
    [InlineData("""{ "query": "\ud800" }""")]
    [InlineData("""{ "query": "query($i: JSON) { user(id: $i) { id } }", "variables": { "i": { "a": [] } } }""")]
    public async Task A_request_that_makes_no_sense_is_400(string body) => (await server.Admin.PostAsync("/graphql", body)).Is(400);

    [Fact]
    public async Task Representations_that_make_no_sense_are_null()
    {
        var user = await server.Admin.SignUpAsync();
        object[] sent = [new { __typename = "User", id = user.Id, more = 1 }, new { __typename = "User", id = 1 }, new { __typename = "Nope", id = user.Id }, 1, new { }];
        var data = await server.Admin.DataAsync("query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }", new { r = sent });
        Assert.Equal($$"""[{"id":"{{user.Id}}"},null,null,null,null]""", data.GetProperty("_entities").GetRawText());
    }

    private static string Nested(int levels) =>
        $"{{ users(first: 1) {{ nodes {{ {string.Concat(Enumerable.Repeat("posts(first: 1) { nodes { author { ", levels / 3))} id {string.Concat(Enumerable.Repeat("} } } ", levels / 3))} }} }} }}";
}
