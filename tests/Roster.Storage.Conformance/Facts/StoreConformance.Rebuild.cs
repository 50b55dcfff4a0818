using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Ledgers_hold_all_of_a_user_and_come_in_id_order_in_pages()
    {
        var rebuild = Rebuildable();
        List<User> users = [];
        for (var i = 0; i < 7; i++)
        {
            users.Add(await RegisterAsync($"User {i}", $"u{i}@example.org"));
        }

        (users[3], var post) = await PublishAsync(users[3], "Hello");
        var first = await rebuild.LedgersAsync(null, 4, Cancel);
        var rest = await rebuild.LedgersAsync(first[^1].User, 4, Cancel);
        Assert.Empty(await rebuild.LedgersAsync(rest[^1].User, 4, Cancel));
        Ledger[] all = [.. first, .. rest];
        Assert.Equal(users.Select(u => u.Id).Order(), all.Select(l => l.User));
        foreach (var user in users)
        {
            var ledger = all.Single(l => l.User == user.Id);
            Assert.Equal(user, ledger.State);
            Assert.Equal(user == users[3] ? [post] : [], ledger.Posts);
            Assert.Equal([Changes.ClaimOf(user.Email)], ledger.Claims);
            Assert.Equal(await HistoryAsync(user.Id), ledger.Events);
        }
    }

    [Fact]
    public async Task A_ledger_is_found_by_any_row_that_names_the_user()
    {
        var rebuild = Rebuildable();
        var (author, post) = await PublishAsync(await RegisterAsync("Ada", "ada@example.org"), "Hello");
        var claim = Changes.ClaimOf("ada@example.org");
        User byPost = author with { Id = Changes.NewUserId("p@example.org") }, byClaim = author with { Id = Changes.NewUserId("c@example.org") };

        await rebuild.RestoreAsync(author.Id, null, [], [], Cancel);
        await rebuild.RestoreAsync(byPost.Id, null, [post with { User = byPost.Id }], [], Cancel);
        await rebuild.RestoreAsync(byClaim.Id, null, [], [claim], Cancel);

        var ledgers = await rebuild.LedgersAsync(null, 10, Cancel);
        Assert.Equal(new[] { author.Id, byPost.Id, byClaim.Id }.Order(), ledgers.Select(l => l.User));
        Assert.All(ledgers, l => Assert.Null(l.State));
        Assert.Equal(2, ledgers.Single(l => l.User == author.Id).Events.Count);
        Assert.Equal([claim], ledgers.Single(l => l.User == byClaim.Id).Claims);
        Assert.Equal(post.Id, Assert.Single(ledgers.Single(l => l.User == byPost.Id).Posts).Id);
    }

    [Fact]
    public async Task A_restore_puts_right_what_was_damaged_and_makes_no_entry()
    {
        var rebuild = Rebuildable();
        var (ada, post) = await PublishAsync(await RegisterAsync("Ada", "ada@example.org"), "Hello");
        var (bob, bobs) = await PublishAsync(await RegisterAsync("Bob", "bob@example.org"), "Mine");
        var head = await HeadAsync();
        var history = await HistoryAsync(ada.Id);

        var extra = post with { Id = new PostId(IdLayout.Compose(1, ada.Id.Bucket, 1)), CreatedAt = post.CreatedAt.AddDays(1) };
        await rebuild.RestoreAsync(
            ada.Id, ada with { Name = "Damaged" }, [extra], [Changes.ClaimOf("damaged@example.org")], Cancel);
        Assert.Equal("Damaged", (await FindAsync(ada.Id))!.Name);
        Assert.Equal([extra], await NewestAsync(ada.Id));
        Assert.Null(await OwnerAsync("ada@example.org"));

        var ledger = (await rebuild.LedgersAsync(null, 10, Cancel)).Single(l => l.User == ada.Id);
        var state = UserFold.Fold(ledger.Events, ada.Tenant)!;
        await rebuild.RestoreAsync(
            ada.Id, state, [.. PostFold.Fold(ledger.Events, ada.Tenant).Values], [Changes.ClaimOf(state.Email)], Cancel);

        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal([post], await NewestAsync(ada.Id));
        Assert.Equal(ada, await OwnerAsync("ada@example.org"));
        Assert.Null(await OwnerAsync("damaged@example.org"));
        Assert.Equal(bob, await OwnerAsync("bob@example.org"));
        Assert.Equal([bobs], await NewestAsync(bob.Id));
        Assert.Equal(history, await HistoryAsync(ada.Id));
        Assert.Equal(head, await HeadAsync());
        Assert.Empty((await OutboxAsync(head, 10)).Entries);
        await CommitAsync(Changes.Rename(ada, "Ada, again"));
    }

    [Fact]
    public async Task A_restored_name_is_listed_by_its_bytes()
    {
        var rebuild = Rebuildable();
        var ada = await RegisterAsync("Ada", "ada@example.org");
        await rebuild.RestoreAsync(ada.Id, ada with { Name = "Zoe" }, [], [Changes.ClaimOf(ada.Email)], Cancel);
        Assert.Empty(await ListAsync(prefix: Core.Text.FoldedName.Of("a")));
        Assert.Single(await ListAsync(prefix: Core.Text.FoldedName.Of("zo")));
    }
}
