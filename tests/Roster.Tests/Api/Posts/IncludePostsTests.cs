using System.Text.Json;
using Roster.Api;
using Roster.Tests.Storage.Sharding;
using Xunit;

namespace Roster.Tests.Api.Posts;

public sealed class IncludePostsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_page_is_two_questions_to_the_store_however_many_users_are_on_it(int limit)
    {
        CountingStore? counting = null;
        await using var own = await RunningServer.StartAsync(store => counting = new CountingStore(store));
        var users = await Task.WhenAll(Enumerable.Range(0, 110).Select(_ => own.Admin.SignUpAsync()));
        await Task.WhenAll(users.Select((user, i) => own.Admin.PublishAsync(user.Id, $"Post {i}")));
        counting!.Take();
        var page = (await own.Admin.GetAsync($"/users?limit={limit}&include=posts")).Is(200);
        Assert.Equal(limit, page.Items.Count);
        Assert.All(page.Items, user => Assert.Equal(1, user.GetProperty("posts").GetArrayLength()));
        Assert.Equal((1, 1, 0), counting.Take());
    }

    [Fact]
    public async Task Over_three_shards_a_page_is_two_questions_to_each()
    {
        List<CountingStore> counting = [];
        var shards = new MemoryShards(3, RosterApi.Encoders);
        await using var own = await RunningServer.StartAsync(_ => shards.Node(shard =>
        {
            counting.Add(new CountingStore(shard));
            return counting[^1];
        }));
        var users = await Task.WhenAll(Enumerable.Range(0, 110).Select(_ => own.Admin.SignUpAsync()));
        await Task.WhenAll(users.Select((user, i) => own.Admin.PublishAsync(user.Id, $"Post {i}")));
        counting.ForEach(shard => shard.Take());
        foreach (var limit in (int[])[10, 100, 500])
        {
            var page = (await own.Admin.GetAsync($"/users?limit={limit}&include=posts")).Is(200);
            Assert.All(page.Items, user => Assert.Equal(1, user.GetProperty("posts").GetArrayLength()));

            // A shard none of whose users is among ten has no posts to be asked for.
            var taken = counting.ConvertAll(shard => shard.Take());
            Assert.All(taken, count => Assert.Contains(count, (ValueTuple<int, int, int>[])(limit < 100 ? [(1, 1, 0), (1, 0, 0)] : [(1, 1, 0)])));
            Assert.Contains((1, 1, 0), taken);
        }
    }

    [Fact]
    public async Task Each_user_comes_with_the_ten_newest_posts_and_the_way_to_the_rest()
    {
        var name = $"Include {ApiClient.NewEmail()}";
        var (none, ten, twelve) = (await AuthorAsync(name, 0), await AuthorAsync(name, 10), await AuthorAsync(name, 12));
        foreach (var list in (string[])[$"/users?include=posts&namePrefix={Uri.EscapeDataString(name)}", "/users?limit=2&include=posts"])
        {
            var users = (await server.Admin.AllAsync(list)).ToDictionary(user => user.GetProperty("id").GetString()!);
            foreach (var author in (string[])[none, ten, twelve])
            {
                var posts = await server.Admin.AllAsync($"/users/{author}/posts");
                Assert.Equal(
                    posts.Take(10).Select(post => post.GetRawText()),
                    users[author].GetProperty("posts").EnumerateArray().Select(post => post.GetRawText()));
                var alone = (await server.Admin.GetAsync($"/users/{author}")).Json;
                Assert.All(alone.EnumerateObject(), field => Assert.Equal(field.Value.GetRawText(), users[author].GetProperty(field.Name).GetRawText()));
            }

            Assert.Equal(JsonValueKind.Null, users[none].GetProperty("postsNext").ValueKind);
            Assert.Equal(JsonValueKind.Null, users[ten].GetProperty("postsNext").ValueKind);
            var rest = (await server.Admin.GetAsync(users[twelve].GetProperty("postsNext").GetString()!)).Is(200);
            Assert.Equal(["Post 1", "Post 0"], rest.Items.Select(post => post.GetProperty("text").GetString()));
            Assert.Null(rest.Next);
        }
    }

    [Fact]
    public async Task A_list_without_users_is_empty_and_one_without_include_shows_no_posts()
    {
        Assert.Equal("[]"u8.ToArray(), (await server.Admin.GetAsync("/users?include=posts&email=nobody@example.com")).Is(200).Body);
        var author = await server.Admin.SignUpAsync();
        Assert.False((await server.Admin.GetAsync($"/users?email={author.Text("email")}")).Items[0].TryGetProperty("posts", out _));
        Assert.True((await server.Admin.GetAsync($"/users/?email={author.Text("email")}&include=posts")).Items[0].TryGetProperty("posts", out _));
    }

    [Theory]
    [InlineData("?include=posts")]
    [InlineData("?include=x&include=posts")]
    [InlineData("?INCLUDE=posts")]
    [InlineData("?include=p%6Fsts")]
    public async Task Posts_are_not_shown_to_who_may_not_read_them(string query)
    {
        using var client = await server.WithScopesAsync("users:read", "users:write", "posts:write", "events:read");
        var answer = (await client.GetAsync($"/users{query}")).IsProblem(403, "missing-scope");
        Assert.Contains("scope=\"posts:read\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await client.GetAsync("/users")).Is(200);
        (await client.GetAsync("/users?include=x")).IsProblem(422, "invalid", "include");
    }

    [Fact]
    public async Task Both_scopes_together_are_enough_and_one_alone_is_not()
    {
        using var both = await server.WithScopesAsync("users:read", "posts:read");
        (await both.GetAsync("/users?include=posts")).Is(200);
        using var posts = await server.WithScopesAsync("posts:read");
        (await posts.GetAsync("/users?include=posts")).IsProblem(403, "missing-scope");
    }

    private async Task<string> AuthorAsync(string name, int posts)
    {
        var author = await server.Admin.SignUpAsync(name);
        for (var i = 0; i < posts; i++)
        {
            await server.Admin.PublishAsync(author.Id, $"Post {i}");
        }

        return author.Id;
    }
}
