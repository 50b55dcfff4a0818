using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_outcome_is_found_by_principal_and_key_from_any_bucket_of_its_shard()
    {
        var register = Changes.Register("Ada", "ada@example.org").WithKey("k");
        var ada = await CommitAsync(register);
        var publish = Changes.Publish(ada, "Hello").WithKey("p");
        await CommitAsync(publish);

        Assert.Equal(register.Idempotency, await OutcomeAsync(register));
        Assert.Equal(publish.Idempotency, await OutcomeAsync(publish));
        var bucket = ada.Id.Bucket;
        Assert.Null(await Store.OutcomeAsync(bucket, "key:other", Idempotent.KeyOf("k"), Cancel));
        Assert.Null(await Store.OutcomeAsync(bucket, Idempotent.Principal, Idempotent.KeyOf("other"), Cancel));
        var beside = Changes.ClaimOf(EmailBeside("ada@example.org")).Bucket;
        Assert.NotEqual(bucket, beside);
        Assert.Equal(register.Idempotency, await Store.OutcomeAsync(beside, Idempotent.Principal, Idempotent.KeyOf("k"), Cancel));
    }

    [Fact]
    [Proves("A change must be refused when its idempotency record exists, when its user's sequence or intent is not the expected one, or when a claim it takes is another user's: in this order.")]
    public async Task A_used_key_is_refused_and_the_first_record_stays()
    {
        var register = Changes.Register("Ada", "ada@example.org").WithKey("k");
        var ada = await CommitAsync(register);
        var again = Changes.Rename(ada, "Again").WithKey("k");
        Assert.Equal(ChangeOutcome.KeyUsed, (await TryAsync(again)).Outcome);
        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal(register.Idempotency, await OutcomeAsync(register));
        Assert.Equal(ChangeOutcome.Committed, (await TryAsync(Changes.Rename(ada, "Mine").WithKey("k", "key:other"))).Outcome);
    }

    [Fact]
    public async Task A_refused_change_leaves_its_key_unused()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        await RegisterAsync("Bob", "bob@example.org");
        var refused = Changes.ChangeEmail(ada, "bob@example.org").WithKey("k");
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(refused)).Outcome);
        Assert.Null(await OutcomeAsync(refused));
        await CommitAsync(Changes.Rename(ada, "Ada L.").WithKey("k"));
    }

    [Fact]
    public async Task A_change_may_write_nothing_but_its_record()
    {
        var ada = await RegisterAsync("Ada");
        var unchanged = new Change { User = ada.Id, ExpectedSequence = ada.Sequence }.WithKey("k");
        var head = await HeadAsync();
        Assert.Equal(ChangeOutcome.Committed, (await TryAsync(unchanged)).Outcome);
        Assert.Equal(unchanged.Idempotency, await OutcomeAsync(unchanged));
        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal(head, await HeadAsync());
        Assert.Equal(ChangeOutcome.KeyUsed, (await TryAsync(unchanged)).Outcome);
    }

    [Fact]
    public async Task A_change_that_only_records_is_stale_like_any_other()
    {
        var ada = await RegisterAsync("Ada");
        var unchanged = new Change { User = ada.Id, ExpectedSequence = ada.Sequence + 1 }.WithKey("k");
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(unchanged)).Outcome);
        Assert.Null(await OutcomeAsync(unchanged));
    }

    [Fact]
    public async Task Of_two_changes_in_a_batch_with_one_key_exactly_one_commits()
    {
        var one = Changes.Register("One", "one@example.org").WithKey("k");
        var two = Changes.Register("Two", EmailBeside("one@example.org")).WithKey("k");
        var results = await Store.CommitAsync([one, two], Cancel);
        Assert.Equal([ChangeOutcome.Committed, ChangeOutcome.KeyUsed], results.Select(r => r.Outcome).Order());
        var (winner, loser) = results[0].Outcome == ChangeOutcome.Committed ? (one, two) : (two, one);
        Assert.Equal(winner.Idempotency, await OutcomeAsync(winner));
        Assert.Null(await FindAsync(loser.User));
    }

    private ValueTask<IdempotencyRecord?> OutcomeAsync(Change change) => Store.OutcomeAsync(
        change.User.Bucket, change.Idempotency!.Principal, change.Idempotency.KeyHash, Cancel);
}
