using Xunit;

namespace Roster.Tests.Api.GraphQL;

public sealed class GraphQueryTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_user_is_what_REST_says_it_is()
    {
        var user = await server.Admin.SignUpAsync("Ada");
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "attributes": { "a": [1, { "b": null }] } }""")).Is(200);
        var rest = (await server.Admin.GetAsync($"/users/{user.Id}")).Json;
        var data = await server.Admin.DataAsync("query($id: ID!) { user(id: $id) { id name email attributes status version createdAt updatedAt } }", new { id = user.Id });
        Assert.Equal(rest.GetRawText(), data.GetProperty("user").GetRawText());
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        var data = await server.Admin.DataAsync("""{ a: user(id: "x") { id } b: post(id: "01890a5d-ac96-774b-bcce-b302099a8057") { id } c: userByEmail(email: "nobody@example.com") { id } }""");
        Assert.Equal("""{"a":null,"b":null,"c":null}""", data.GetRawText());
    }

    [Fact]
    public async Task Pages_of_users_and_posts_follow_their_cursors()
    {
        var prefix = $"Page {ApiClient.NewEmail()}";
        for (var i = 0; i < 3; i++)
        {
            await server.Admin.SignUpAsync($"{prefix} {i}");
        }

        const string Query = "query($p: String, $after: String) { users(first: 2, after: $after, filter: { namePrefix: $p }) { nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
        var first = (await server.Admin.DataAsync(Query, new { p = prefix })).GetProperty("users");
        Assert.True(first.At("pageInfo", "hasNextPage").GetBoolean());
        Assert.Equal(first.At("edges", 1, "cursor").GetString(), first.At("pageInfo", "endCursor").GetString());
        var second = (await server.Admin.DataAsync(Query, new { p = prefix, after = first.At("pageInfo", "endCursor").GetString() })).GetProperty("users");
        Assert.Equal($"{prefix} 2", second.At("nodes", 0, "name").GetString());
        Assert.False(second.At("pageInfo", "hasNextPage").GetBoolean());

        var author = await server.Admin.SignUpAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            await server.Admin.PublishAsync(author.Id, text);
        }

        const string Posts = "query($id: ID!, $after: String) { user(id: $id) { posts(first: 2, after: $after) { nodes { text author { id } } pageInfo { endCursor hasNextPage } } } }";
        var newest = (await server.Admin.DataAsync(Posts, new { id = author.Id })).At("user", "posts");
        Assert.Equal("three", newest.At("nodes", 0, "text").GetString());
        Assert.Equal(author.Id, newest.At("nodes", 0, "author", "id").GetString());
        var oldest = (await server.Admin.DataAsync(Posts, new { id = author.Id, after = newest.At("pageInfo", "endCursor").GetString() })).At("user", "posts");
        Assert.Equal("one", oldest.At("nodes", 0, "text").GetString());
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_an_error_of_its_field()
    {
        var user = await server.Admin.SignUpAsync();
        var answer = await server.Admin.AskAsync("query($id: ID!) { user(id: $id) { name posts(after: \"x\") { nodes { id } } } }", new { id = user.Id });
        Assert.Equal("BAD_CURSOR", answer.Is(200).Code());
    }

    [Fact]
    public async Task Each_field_needs_its_own_scope()
    {
        var user = await server.Admin.SignUpAsync();
        await server.Admin.PublishAsync(user.Id);
        using var reader = await server.WithScopesAsync("users:read");
        var answer = (await reader.AskAsync("query($id: ID!) { user(id: $id) { name } hidden: post(id: $id) { id } }", new { id = user.Id })).Is(200);
        Assert.Equal("MISSING_SCOPE", answer.Code());
        Assert.Equal("Ada Lovelace", answer.Json.At("data", "user", "name").GetString());
        using var poster = await server.WithScopesAsync("posts:read");
        Assert.Equal("MISSING_SCOPE", (await poster.AskAsync("{ users { nodes { id } } }")).Code());
        Assert.Equal("MISSING_SCOPE", (await reader.AskAsync("query($id: ID!) { user(id: $id) { posts { nodes { id } } } }", new { id = user.Id })).Code());
        Assert.Equal("MISSING_SCOPE", (await reader.AskAsync("mutation { registerUser(input: { name: \"x\", email: \"x@example.com\" }) { user { id } } }")).Code());
        Assert.Equal("MISSING_SCOPE", (await reader.AskAsync("subscription { userChanged { id } }", null, ("Accept", "text/event-stream"))).Code());
    }

    [Fact]
    public async Task A_persisted_query_is_known_by_its_hash_once_it_was_sent()
    {
        const string Hash = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
        const string Extensions = $$$"""{ "persistedQuery": { "version": 1, "sha256Hash": "{{{Hash}}}" } }""";
        var unknown = await server.Admin.PostAsync("/graphql", $$"""{ "extensions": {{Extensions}} }""");
        Assert.Equal("PersistedQueryNotFound", unknown.Is(400).Json.At("errors", 0, "message").GetString());
        (await server.Admin.PostAsync("/graphql", $$"""{ "query": "{__typename}", "extensions": {{Extensions}} }""")).Is(200);
        var known = await server.Admin.PostAsync("/graphql", $$"""{ "extensions": {{Extensions}} }""");
        Assert.Equal("Query", known.Is(200).Json.At("data", "__typename").GetString());
        Assert.Equal("PERSISTED_QUERY_MISMATCH", (await server.Admin.PostAsync("/graphql", $$"""{ "query": "{ __typename }", "extensions": {{Extensions}} }""")).Is(400).Code());
    }

    [Fact]
    public async Task Status_and_type_are_those_of_GraphQL_over_HTTP()
    {
        Assert.StartsWith("application/graphql-response+json", (await server.Admin.AskAsync("{ nope }")).Is(400).Header("Content-Type"), StringComparison.Ordinal);
        Assert.StartsWith("application/json", (await server.Admin.AskAsync("{ nope }", null, ("Accept", "application/json"))).Is(200).Header("Content-Type"), StringComparison.Ordinal);
        (await server.Admin.GetAsync("/graphql?query={__typename}")).Is(405);
    }

    [Fact]
    public async Task A_subscription_tells_of_each_change()
    {
        var user = await server.Admin.SignUpAsync("Before");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent($$"""{ "query": "subscription { userChanged(id: \"{{user.Id}}\") { name } }" }""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await server.Admin.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "After" }""")).Is(200);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string? line;
        do
        {
            line = await lines.ReadLineAsync(limit.Token);
        }
        while (line is not "event: next");

        Assert.Equal("""data: {"data":{"userChanged":{"name":"After"}}}""", await lines.ReadLineAsync(limit.Token));
    }
}
