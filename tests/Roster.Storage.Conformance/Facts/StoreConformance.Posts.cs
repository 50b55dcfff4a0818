using Roster.Core.Ids;
using Roster.Core.Posts;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Newest_posts_come_first_and_at_most_the_limit()
    {
        var (ada, posts) = await AuthorAsync("Ada", 5);
        Assert.Equal([posts[4], posts[3], posts[2]], await NewestAsync(ada, limit: 3));
        Assert.Equal(posts.Reverse(), await NewestAsync(ada, limit: 50));
    }

    [Fact]
    public async Task Older_posts_are_paged_with_the_time_of_the_last_one_seen()
    {
        var (ada, posts) = await AuthorAsync("Ada", 5);
        Assert.Equal([posts[2], posts[1]], await NewestAsync(ada, 2, before: posts[3].CreatedAt));
        Assert.Equal([posts[0]], await NewestAsync(ada, 2, before: posts[1].CreatedAt));
        Assert.Empty(await NewestAsync(ada, 2, before: posts[0].CreatedAt));
    }

    [Fact]
    public async Task Posts_of_many_authors_come_in_the_order_asked_for_each_with_its_own_cursor()
    {
        var (ada, adas) = await AuthorAsync("Ada", 3);
        var (bob, bobs) = await AuthorAsync("Bob", 2);
        var (cy, _) = await AuthorAsync("Cy", 0);
        var nobody = Changes.NewUserId("nobody@example.org");
        var found = await Store.NewestPostsAsync(
            [new(bob, null), new(nobody, null), new(ada, adas[2].CreatedAt), new(cy, null), new(ada, null)], 2, Any, Cancel);
        Assert.Equal(
            [[bobs[1], bobs[0]], [], [adas[1], adas[0]], [], [adas[2], adas[1]]],
            found.Select(posts => posts.Select(p => p.State)));
        Assert.Empty(await Store.NewestPostsAsync([], 2, Any, Cancel));
    }

    [Fact]
    public async Task An_edited_post_keeps_its_place_and_a_removed_one_is_gone()
    {
        var ada = await RegisterAsync("Ada");
        (ada, var one) = await PublishAsync(ada, "One");
        (ada, var two) = await PublishAsync(ada, "Two");
        var edit = Changes.Edit(ada, one, "One, edited");
        ada = await CommitAsync(edit);
        Assert.Equal(2, edit.Posts[0].Next!.Version);
        Assert.Equal([two, edit.Posts[0].Next!], await NewestAsync(ada.Id));
        await CommitAsync(Changes.Remove(ada, two));
        Assert.Null(await FindPostAsync(two.Id));
        Assert.Equal([edit.Posts[0].Next!], await NewestAsync(ada.Id));
    }

    [Fact]
    public async Task A_suspended_authors_posts_are_still_read()
    {
        var ada = await RegisterAsync("Ada");
        (ada, var post) = await PublishAsync(ada, "One");
        await CommitAsync(Changes.Suspend(ada));
        Assert.Equal(post, await FindPostAsync(post.Id));
        Assert.Equal([post], await NewestAsync(ada.Id));
    }

    [Fact]
    public async Task Posts_of_a_deleted_author_are_hidden_at_once()
    {
        var ada = await RegisterAsync("Ada");
        (ada, var post) = await PublishAsync(ada, "One");
        await CommitAsync(Changes.Delete(ada));
        Assert.Null(await FindPostAsync(post.Id));
        Assert.Empty(await NewestAsync(ada.Id));
    }

    [Fact]
    public async Task Posts_of_deleted_users_are_removed_by_the_clean_up_and_no_others()
    {
        var ada = await RegisterAsync("Ada");
        var bob = await RegisterAsync("Bob");
        (bob, var stays) = await PublishAsync(bob, "Stays");
        for (var i = 0; i < 5; i++)
        {
            (ada, _) = await PublishAsync(ada, $"Post {i}");
        }

        await CommitAsync(Changes.Delete(ada));
        await ExpireAllAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, limit: 2);
        Assert.Equal([stays], await NewestAsync(bob.Id));
        if (current.Rebuild is { } rebuild)
        {
            var ledgers = await rebuild.LedgersAsync(null, 10, Cancel);
            Assert.Empty(ledgers.Single(l => l.User == ada.Id).Posts);
            Assert.Equal([stays], ledgers.Single(l => l.User == bob.Id).Posts);
        }
    }

    private async Task<(UserId Author, Post[] Posts)> AuthorAsync(string name, int posts)
    {
        var author = await RegisterAsync(name);
        var written = new Post[posts];
        for (var i = 0; i < posts; i++)
        {
            (author, written[i]) = await PublishAsync(author, $"{name} {i}");
        }

        return (author.Id, written);
    }

    private async Task<IEnumerable<Post>> NewestAsync(UserId author, int limit = 10, DateTimeOffset? before = null) =>
        Assert.Single(await Store.NewestPostsAsync([new(author, before)], limit, Any, Cancel)).Select(p => p.State);
}
