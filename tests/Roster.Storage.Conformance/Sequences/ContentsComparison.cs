using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Sequences;

/// <summary>Everything two stores hold, compared; posts of deleted users are cleaned up first, since when is left open.</summary>
internal sealed class ContentsComparison(StoreUnderTest tested, IStore model, IReadOnlyList<UserId> users)
{
    public async Task CompareAsync(CancellationToken cancel)
    {
        Assert.Equal(await ContentsAsync(model, cancel), await ContentsAsync(tested.Store, cancel));
        if (tested.Rebuild is { } rebuild)
        {
            await CleanUpAsync(model, cancel);
            await CleanUpAsync(tested.Store, cancel);
            Assert.Equal(await LedgersAsync((IRebuildableStore)model, cancel), await LedgersAsync(rebuild, cancel));
        }
    }

    private static async Task CleanUpAsync(IStore store, CancellationToken cancel)
    {
        for (var i = 0; await store.ExpireAsync(new Expiry(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 100), cancel) > 0; i++)
        {
            Assert.True(i < 1000, "The clean-up never says that it is done.");
        }
    }

    /// <summary>One line per thing, so that a difference reads well.</summary>
    private async Task<List<string>> ContentsAsync(IStore store, CancellationToken cancel)
    {
        List<string> lines = [.. (await store.UsersAsync(users, ConsistencyToken.None, cancel)).Select(u => $"{u?.State}")];
        foreach (var user in users)
        {
            lines.AddRange((await store.HistoryAsync(user, 0, 1000, ConsistencyToken.None, cancel)).Select(e => e.ToString()));
            for (var key = 0; key < Step.Keys; key++)
            {
                lines.Add($"{await store.OutcomeAsync(user.Bucket, Idempotent.Principal, Idempotent.KeyOf($"k{key}"), cancel)}");
            }
        }

        foreach (var shard in store.Shards)
        {
            var outbox = await store.OutboxAsync(shard, default, 10_000, cancel);
            lines.AddRange(outbox.Entries.Select(e => $"{e.Tenant} {e.Event}"));
        }

        return lines;
    }

    private static async Task<List<string>> LedgersAsync(IRebuildableStore store, CancellationToken cancel) =>
        [.. (await store.LedgersAsync(null, 10_000, cancel)).SelectMany(l => (string[])
        [
            $"{l.User}: {l.State}",
            .. l.Posts.Select(p => $"{p}").Order(StringComparer.Ordinal),
            .. l.Claims.Select(c => $"{c}").Order(StringComparer.Ordinal),
            .. l.Events.Select(e => $"{e}"),
        ])];
}
