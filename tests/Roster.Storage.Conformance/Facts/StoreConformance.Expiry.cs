using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Idempotency_records_expire_by_age_and_younger_ones_survive()
    {
        var old = Changes.Register("Old", "old@example.org").WithKey("old");
        await CommitAsync(old);
        Changes.Wait(TimeSpan.FromDays(10));
        var limit = Changes.Now;
        Changes.Wait(TimeSpan.FromDays(10));
        var young = Changes.Register("Young", "young@example.org").WithKey("young");
        await CommitAsync(young);

        await ExpireAllAsync(DateTimeOffset.UnixEpoch, limit, limit: 10);
        Assert.Null(await OutcomeAsync(old));
        Assert.Equal(young.Idempotency, await OutcomeAsync(young));
        Assert.Equal(old.Next, await FindAsync(old.User));
    }

    [Fact]
    public async Task Outbox_entries_expire_by_age_but_their_events_stay()
    {
        var ada = await RegisterAsync("Ada");
        Changes.Wait(TimeSpan.FromDays(10));
        var limit = Changes.Now;
        Changes.Wait(TimeSpan.FromDays(10));
        ada = await CommitAsync(Changes.Rename(ada, "Ada L."));

        await ExpireAllAsync(limit, DateTimeOffset.UnixEpoch, limit: 10);
        var page = await OutboxAsync(null, 10);
        Assert.Equal([2], page.Entries.Select(e => e.Event.Sequence));
        Assert.Equal([1, 2], (await HistoryAsync(ada.Id)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_clean_up_step_removes_at_most_the_limit_of_each_kind()
    {
        for (var i = 0; i < 10; i++)
        {
            await CommitAsync(Changes.Register($"User {i}", $"u{i}@example.org").WithKey($"k{i}"));
        }

        var far = Changes.Now.AddDays(100);
        var removed = 0;
        for (var step = 1; removed < 20; step++)
        {
            Assert.True(step <= 30, "The clean-up does not get on.");
            var now = await Store.ExpireAsync(new Expiry(far, far, 3), Cancel);
            Assert.InRange(now, 1, 6 * Store.Shards.Count);
            removed += now;
            var left = (await OutboxAsync(null, 100)).Entries.Count;
            Assert.True(left >= 10 - (3 * Store.Shards.Count * step), $"{left} entries are left after step {step}.");
        }

        Assert.Equal(20, removed);
        Assert.Equal(0, await Store.ExpireAsync(new Expiry(far, far, 3), Cancel));
    }

    [Fact]
    public async Task Nothing_expires_before_its_time()
    {
        var ada = Changes.Register("Ada", "ada@example.org").WithKey("k");
        await CommitAsync(ada);
        Assert.Equal(0, await Store.ExpireAsync(new Expiry(Changes.Start, Changes.Start, 100), Cancel));
        Assert.NotNull(await OutcomeAsync(ada));
        Assert.Single((await OutboxAsync(null, 10)).Entries);
    }

    /// <summary>Cleans up until nothing is left to remove.</summary>
    private async Task ExpireAllAsync(DateTimeOffset outboxBefore, DateTimeOffset idempotencyBefore, int limit)
    {
        for (var i = 0; i < 1000; i++)
        {
            if (await Store.ExpireAsync(new Expiry(outboxBefore, idempotencyBefore, limit), Cancel) == 0)
            {
                return;
            }
        }

        Assert.Fail("The clean-up never says that it is done.");
    }
}
