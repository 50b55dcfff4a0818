using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    [Proves("What is reported as committed must be durable, and must be seen by every later read.")]
    public async Task A_reopened_store_has_everything_that_was_committed()
    {
        var register = Changes.Register("Ada", "ada@example.org").WithKey("k");
        var ada = await CommitAsync(register);
        (ada, var post) = await PublishAsync(ada, "Hello");
        var gone = await CommitAsync(Changes.Delete(await RegisterAsync("Gone", "gone@example.org")));
        var outbox = await OutboxAsync(null, 100);
        var last = Changes.Register("Last", EmailBeside("ada@example.org"));
        var position = (await TryAsync(last)).AsOf.Positions[0];

        await ReopenAsync();

        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal(gone, await FindAsync(gone.Id));
        Assert.Equal(post, await FindPostAsync(post.Id));
        Assert.Equal(ada, await OwnerAsync("ada@example.org"));
        Assert.Null(await OwnerAsync("gone@example.org"));
        Assert.Equal(register.Idempotency, await OutcomeAsync(register));
        Assert.Equal([1, 2], (await HistoryAsync(ada.Id)).Select(e => e.Sequence));
        Assert.Equal(outbox.Entries, (await OutboxAsync(null, 100)).Entries.Where(e => e.Event.User != last.User));
        Assert.Equal(["Last"], (await OutboxAsync(outbox.Next, 10)).Entries.Select(e => ((Core.Users.SignedUp)e.Event.What).Name));
        var covered = (await Store.UsersAsync([ada.Id], ConsistencyToken.Of(position), Cancel))[0]!;
        Assert.True(covered.AsOf.Timeline != position.Timeline || covered.AsOf.Value >= position.Value);
    }

    [Fact]
    public async Task A_reopened_store_goes_on_where_it_stopped()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var before = (await TryAsync(Changes.Register("Bob", EmailBeside("ada@example.org")))).AsOf.Positions[0];
        var head = await HeadAsync();

        await ReopenAsync();

        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(Changes.Register("Thief", "ada@example.org"))).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(Changes.Rename(ada with { Sequence = 5 }, "Wrong"))).Outcome);
        var rename = Changes.Rename(ada, "Ada L.");
        var after = (await TryAsync(rename)).AsOf.Positions[0];
        Assert.True(after.Timeline != before.Timeline || after.Value > before.Value, $"{before} then {after}");
        Assert.Equal(rename.Events, (await OutboxAsync(head, 10)).Entries.Select(e => e.Event));
    }

    [Fact]
    public async Task A_reopened_store_still_knows_what_was_dropped()
    {
        var ada = await RegisterAsync("Ada");
        await ExpireAllAsync(Changes.Now.AddDays(100), DateTimeOffset.UnixEpoch, limit: 10);
        var head = await HeadAsync();

        await ReopenAsync();

        Assert.Equal(head, await HeadAsync());
        Assert.True((await OutboxAsync([.. head.Select(c => c with { Position = 0 })], 10)).Expired);
        await CommitAsync(Changes.Rename(ada, "Ada L."));
        Assert.Equal([2], (await OutboxAsync(head, 10)).Entries.Select(e => e.Event.Sequence));
    }
}
