using CsCheck;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

public sealed class GetPostsTests
{
    private readonly PostCases posts = new();

    [Fact]
    public async Task Pages_show_every_post_that_was_there_once_newest_first_whatever_is_published_or_deleted_between() =>
        await Gen.Select(Gen.Int[0, 12], Gen.Int[1, 5], Gen.Int[0, 3].Array[8]).SampleAsync(
            async (count, limit, between) =>
            {
                var cases = new PostCases();
                var ada = await cases.AdaAsync();
                var before = new List<Post>();
                for (var i = 0; i < count; i++)
                {
                    before.Insert(0, await cases.PublishedAsync(ada, $"Post {i}"));
                }

                List<Post> seen = [];
                HashSet<Post> gone = [];
                string? cursor = null;
                var page = 0;
                do
                {
                    var read = (await cases.PageAsync(ada.Id, limit, cursor)).Page!;
                    Assert.True(read.Items.Count <= limit && (read.Next is null || read.Items.Count == limit));
                    seen.AddRange(read.Items.Select(item => item.State));
                    cursor = read.Next;
                    for (var i = 0; i < between[page % between.Length]; i++)
                    {
                        await cases.PublishedAsync(ada, "Later");
                    }

                    if (before.Count > 0 && between[page % between.Length] == 1)
                    {
                        var post = before[(page * 7) % before.Count];
                        await cases.DeleteAsync(post);
                        gone.Add(post);
                    }

                    page++;
                }
                while (cursor is not null);

                // One that was deleted meanwhile may have been seen before; all others must be there.
                Assert.Equal(before.Where(post => !gone.Contains(post) || seen.Contains(post)), seen);
            },
            iter: 200);

    [Fact]
    public async Task A_cursor_fits_only_the_list_it_came_from()
    {
        var ada = await posts.AdaAsync();
        var eve = await posts.Users.SignUpAsync("Eve", "eve@example.com");
        await posts.PublishedAsync(ada, "1");
        await posts.PublishedAsync(ada, "2");
        var cursor = (await posts.PageAsync(ada.Id, 1)).Page!.Next!;
        Assert.True((await posts.PageAsync(ada.Id, 2, cursor)).CursorFits);
        Assert.False((await posts.PageAsync(eve.Id, 1, cursor)).CursorFits);
        foreach (var made in (string[])
        [
            "garbage", Cursor.Write($"posts {ada.Id}", [1, 2, 3]), Cursor.WriteNumber($"history {ada.Id}", 1),
            Cursor.WriteNumber($"posts {ada.Id}", long.MaxValue), Cursor.WriteNumber($"posts {ada.Id}", long.MinValue),
        ])
        {
            Assert.False((await posts.PageAsync(ada.Id, 1, made)).CursorFits);
        }
    }

    [Fact]
    public async Task Only_who_may_know_of_an_author_sees_its_posts()
    {
        var ada = await posts.AdaAsync();
        var eve = await posts.Users.SignUpAsync("Eve", "eve@example.com");
        var post = await posts.PublishedAsync(ada, "Hello");
        Assert.Equal(post, (await OneAsync(post, UseCases.Key with { Only = ada.Id }))!.State);
        Assert.True((await posts.PageAsync(ada.Id, 1, caller: UseCases.Key with { Only = ada.Id })).Found);
        foreach (var caller in (Caller[])[UseCases.Stranger, UseCases.Key with { Only = eve.Id }])
        {
            Assert.Null(await OneAsync(post, caller));
            Assert.False((await posts.PageAsync(ada.Id, 1, caller: caller)).Found);
        }
    }

    [Fact]
    public async Task A_deleted_authors_posts_are_nobodys_not_even_an_administrators()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        await posts.DeleteAsync(ada);
        Assert.Null(await OneAsync(post, Caller.System));
        Assert.False((await posts.PageAsync(ada.Id, 1, caller: Caller.System)).Found);
    }

    [Fact]
    public async Task First_pages_of_many_authors_go_on_where_their_lists_do()
    {
        var ada = await posts.AdaAsync();
        var eve = await posts.Users.SignUpAsync("Eve", "eve@example.com");
        var nobody = await posts.Users.SignUpAsync("Nobody", "nobody@example.com");
        for (var i = 0; i < 12; i++)
        {
            await posts.PublishedAsync(ada, $"Ada {i}");
        }

        for (var i = 0; i < 10; i++)
        {
            await posts.PublishedAsync(eve, $"Eve {i}");
        }

        var reads = (await posts.Users.Get.ManyAsync([eve.Id, nobody.Id, ada.Id], UseCases.Key, ConsistencyToken.None, UseCases.Cancellation))
            .OfType<Read<User>>().ToList();
        var pages = await posts.Get.NewestAsync(reads, ConsistencyToken.None, UseCases.Cancellation);
        Assert.Equal([10, 0, 10], pages.Select(page => page.Items.Count));
        Assert.Equal(["Eve 9", "Ada 11"], new[] { pages[0], pages[2] }.Select(page => page.Items[0].State.Text));
        Assert.Null(pages[0].Next);
        var rest = (await posts.PageAsync(ada.Id, 50, pages[2].Next)).Page!;
        Assert.Equal(["Ada 1", "Ada 0"], rest.Items.Select(item => item.State.Text));
        Assert.Null(rest.Next);
    }

    private ValueTask<Read<Post>?> OneAsync(Post post, Caller caller) =>
        posts.Get.OneAsync(post.Id, caller, ConsistencyToken.None, UseCases.Cancellation);
}
