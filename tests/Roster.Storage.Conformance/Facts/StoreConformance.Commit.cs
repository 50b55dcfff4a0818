using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    [Proves("What is reported as committed must be durable, and must be seen by every later read.")]
    public async Task A_committed_change_is_seen_by_every_kind_of_read()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        (ada, var post) = await PublishAsync(ada, "Hello");

        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal(post, await FindPostAsync(post.Id));
        Assert.Equal(ada, await OwnerAsync("ada@example.org"));
        Assert.Equal([ada], await ListAsync());
        Assert.Equal([1, 2], (await HistoryAsync(ada.Id)).Select(e => e.Sequence));
        Assert.Equal([post], await NewestAsync(ada.Id));
        Assert.Equal(2, (await OutboxAsync(null, 10)).Entries.Count);
    }

    [Fact]
    [Proves("The sequence the user must have now: 0 when the user must not exist yet.")]
    public async Task A_stale_sequence_is_refused_and_changes_nothing()
    {
        var first = await RegisterAsync("Ada", "ada@example.org");
        var second = await CommitAsync(Changes.Rename(first, "Ada L."));

        var late = Changes.RenameAndChangeEmail(first, "Late", "late@example.org").WithKey("late");
        var early = Changes.Rename(second with { Sequence = 9 }, "Early");
        var again = Changes.Register("Again", EmailIn(first.Id.Bucket), id: first.Id);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(late)).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(early)).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(again)).Outcome);

        Assert.Equal(second, await FindAsync(first.Id));
        await AssertNothingOfAsync(late);
    }

    [Fact]
    [Proves("The sequence the user must have now: 0 when the user must not exist yet.")]
    public async Task A_user_that_does_not_exist_cannot_be_changed()
    {
        var nobody = Changes.Register("Nobody", "nobody@example.org").Next!;
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(Changes.Rename(nobody, "Somebody"))).Outcome);
        Assert.Null(await FindAsync(nobody.Id));
    }

    [Fact]
    [Proves("Each change must be written whole or not at all, and must succeed or fail alone.")]
    public async Task Each_change_of_a_batch_succeeds_or_fails_alone()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var bob = await RegisterAsync("Bob", "bob@example.org");
        var newBob = await CommitAsync(Changes.Rename(bob, "Robert"));
        var taken = Changes.Register("Thief", "ada@example.org").WithKey("thief");
        var stale = Changes.RenameAndChangeEmail(bob, "Stale", "stale@example.org").WithKey("stale");
        var rename = Changes.Rename(ada, "Ada L.");
        var fresh = Changes.Register("Cy", "cy@example.org").WithKey("cy");

        var results = await Store.CommitAsync([taken, rename, stale, fresh], Cancel);

        Assert.Equal(
            [ChangeOutcome.EmailTaken, ChangeOutcome.Committed, ChangeOutcome.Stale, ChangeOutcome.Committed],
            results.Select(r => r.Outcome));
        Assert.Equal(rename.Next, await FindAsync(ada.Id));
        Assert.Equal(fresh.Next, await OwnerAsync("cy@example.org"));
        Assert.Equal(newBob, await FindAsync(bob.Id));
        await AssertNothingOfAsync(taken);
        await AssertNothingOfAsync(stale);
    }

    [Fact]
    [Proves("Changes of different users; a batch must not hold two changes of one user.")]
    public async Task A_batch_with_two_changes_of_one_user_is_refused_whole()
    {
        var ada = await RegisterAsync("Ada");
        var other = Changes.Register("Bob", "bob@example.org");
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.CommitAsync(
            [other, Changes.Rename(ada, "One"), Changes.Rename(ada, "Two")], Cancel));
        Assert.Equal(ada, await FindAsync(ada.Id));
        await AssertNothingOfAsync(other);
    }

    [Fact]
    public async Task Results_stand_in_the_order_of_the_changes_however_many()
    {
        var changes = Enumerable.Range(0, 300)
            .Select(i => Changes.Register($"User {i}", i % 3 == 2 ? "shared@example.org" : $"u{i}@example.org"))
            .ToList();
        await CommitAsync(Changes.Register("First", "shared@example.org"));
        var results = await Store.CommitAsync(changes, Cancel);
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => i % 3 == 2 ? ChangeOutcome.EmailTaken : ChangeOutcome.Committed),
            results.Select(r => r.Outcome));
        var found = await Store.UsersAsync([.. changes.Select(c => c.User)], Any, Cancel);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 3 != 2), found.Select(u => u is not null));
    }

    [Fact]
    public async Task An_empty_batch_has_no_results() => Assert.Empty(await Store.CommitAsync([], Cancel));

    [Fact]
    [Proves("A change must be refused when its idempotency record exists, when its user's sequence or intent is not the expected one, or when a claim it takes is another user's: in this order.")]
    public async Task Of_several_reasons_the_first_in_order_is_given()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        await RegisterAsync("Bob", "bob@example.org");
        var now = await CommitAsync(Changes.Rename(ada, "Ada L.").WithKey("used"));

        var all = Changes.ChangeEmail(ada, "bob@example.org");
        Assert.Equal(ChangeOutcome.KeyUsed, (await TryAsync(all.WithKey("used"))).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(all.WithKey("new"))).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(all)).Outcome);
        Assert.Equal(ChangeOutcome.KeyUsed, (await TryAsync(Changes.ChangeEmail(now, "bob@example.org").WithKey("used"))).Outcome);
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(Changes.ChangeEmail(now, "bob@example.org").WithKey("new"))).Outcome);
    }

    [Fact]
    public async Task Positions_grow_with_every_commit()
    {
        var change = Changes.Register("Ada", "ada@example.org");
        for (var i = 0; i < 5; i++)
        {
            var before = (await TryAsync(change)).AsOf.Positions[0];
            change = Changes.Rename(change.Next!, $"Ada {i}");
            var after = (await TryAsync(change)).AsOf.Positions[0];
            Assert.Equal((before.Shard, before.Timeline), (after.Shard, after.Timeline));
            Assert.True(after.Value > before.Value, $"{before} then {after}");
            change = Changes.Rename(change.Next!, $"Ada {i}.");
        }
    }

    /// <summary>Nothing that a refused change would have written can be found, wherever one looks.</summary>
    private async Task AssertNothingOfAsync(Change refused)
    {
        var ids = refused.Events.Select(e => e.Id).ToHashSet();
        Assert.DoesNotContain(await HistoryAsync(refused.User), e => ids.Contains(e.Id));
        var outbox = await OutboxAsync(null, 1000);
        Assert.DoesNotContain(outbox.Entries, e => ids.Contains(e.Event.Id));
        foreach (var claim in refused.Claims.Where(c => c.Take))
        {
            Assert.NotEqual(refused.User, (await Store.UserByEmailAsync(claim.Key, Any, Cancel))?.State.Id);
        }

        if (refused.Idempotency is { } record)
        {
            Assert.Null(await Store.OutcomeAsync(refused.User.Bucket, record.Principal, record.KeyHash, Cancel));
        }
    }
}
