using Xunit;

namespace Roster.Tests.Api.GraphQL;

public sealed class StoreCallTests : IAsyncLifetime
{
    private CountedStore counted = null!;
    private RunningServer server = null!;
    private List<string> ids = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.StartAsync(store => counted = new CountedStore(store));
        ids = [];
        for (var i = 0; i < 10; i++)
        {
            // Not a hundred at once: on a busy machine the store would rightly refuse some.
            var users = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => server.Admin.SignUpAsync()));
            await Task.WhenAll(users.Select(user => server.Admin.PublishAsync(user.Id)));
            ids.AddRange(users.Select(user => user.Id));
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Users_with_their_posts_and_their_authors_are_a_call_a_level() =>
        Assert.Equal(["list", "newest", "users"], await CallsAsync("{ users(first: 100) { nodes { posts(first: 10) { nodes { text author { name } } } } } }"));

    [Fact]
    public async Task A_hundred_representations_are_a_call_a_type()
    {
        var representations = ids.Select(id => new { __typename = "User", id });
        Assert.Equal(["newest", "users"], (await CallsAsync("query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name posts { nodes { id } } } } }", new { r = representations })).Order());
    }

    [Fact]
    public async Task Aliases_are_one_call() =>
        Assert.Equal(["users"], await CallsAsync($"{{ {string.Join(' ', ids.Take(50).Select((id, i) => $"a{i}: user(id: \"{id}\") {{ name }}"))} }}"));

    [Fact]
    public async Task Aliases_of_pages_of_other_sizes_are_one_call() =>
        Assert.Equal(["list", "newest"], await CallsAsync("{ users(first: 100) { nodes { a: posts(first: 1) { nodes { id } } b: posts(first: 5) { nodes { id } } } } }"));

    [Theory]
    [MemberData(nameof(HostileQueryTests.Refused), MemberType = typeof(HostileQueryTests))]
    public async Task What_is_beyond_a_limit_reads_nothing(string code, string query)
    {
        counted.Calls.Clear();
        Assert.Equal(code, (await server.Admin.AskAsync(query)).Is(400).Code());
        Assert.Empty(counted.Calls);
    }

    private async Task<List<string>> CallsAsync(string query, object? variables = null)
    {
        counted.Calls.Clear();
        await server.Admin.DataAsync(query, variables);
        return [.. counted.Calls];
    }
}
