using Xunit;

namespace Roster.Tests.Api.Posts;

public sealed class PostListTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(500)]
    public async Task Pages_show_every_post_once_newest_first(int limit)
    {
        var author = await server.Admin.SignUpAsync();
        var ids = await ManyAsync(author.Id, 50);
        Assert.Equal(ids, await AllAsync($"/users/{author.Id}/posts?limit={limit}"));
        Assert.Equal(ids, await AllAsync($"/users/{author.Id}/posts"));
    }

    [Fact]
    public async Task Nothing_is_repeated_or_lost_while_others_publish()
    {
        var author = await server.Admin.SignUpAsync();
        var before = await ManyAsync(author.Id, 40);
        using var stop = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await server.Admin.PublishAsync(author.Id, "Meanwhile");
            }
        }).ToList();
        for (var round = 0; round < 5; round++)
        {
            var seen = await AllAsync($"/users/{author.Id}/posts?limit=3");
            Assert.Equal(seen.Distinct(), seen);
            Assert.Equal(before, seen.TakeLast(before.Count));
        }

        await stop.CancelAsync();
        await Task.WhenAll(publishing);
        Assert.True((await server.Admin.GetAsync($"/users/{author.Id}/posts?limit=500")).Items.Count > before.Count);
    }

    [Fact]
    public async Task A_cursor_fits_only_the_list_it_came_from()
    {
        var (author, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        await ManyAsync(author.Id, 2);
        var cursor = (await server.Admin.GetAsync($"/users/{author.Id}/posts?limit=1")).Next!.Split("after=")[1];
        (await server.Admin.GetAsync($"/users/{author.Id}/posts?after={cursor}")).Is(200);
        foreach (var list in (string[])[$"/users/{other.Id}/posts", $"/users/{author.Id}/history", "/users"])
        {
            (await server.Admin.GetAsync($"{list}?after={cursor}")).IsProblem(400, "bad-cursor");
        }
    }

    private async Task<IReadOnlyList<string>> ManyAsync(string author, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Insert(0, (await server.Admin.PublishAsync(author, $"Post {i}")).Id);
        }

        return ids;
    }

    private async Task<IReadOnlyList<string>> AllAsync(string path) =>
        [.. (await server.Admin.AllAsync(path)).Select(item => item.GetProperty("id").GetString()!)];
}
