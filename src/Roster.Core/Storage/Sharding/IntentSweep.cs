namespace Roster.Core.Storage.Sharding;

/// <summary>
/// Finds changes of e-mails that a crash has left half way, and brings them to their end. One that is under way is left
/// to its request: only what was there at the sweep before is touched. Not for concurrent use.
/// </summary>
public sealed class IntentSweep(IStore store)
{
    private const int PerShard = 500;
    private HashSet<Unsettled> before = [];

    /// <summary>One sweep; the number of changes brought to their end.</summary>
    /// <exception cref="StoreUnavailableException">A shard cannot be reached; the others were swept.</exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellation)
    {
        HashSet<Unsettled> now = [];
        var settled = 0;
        StoreUnavailableException? trouble = null;
        foreach (var shard in store.Shards)
        {
            try
            {
                var found = await store.UnsettledAsync(shard, PerShard, cancellation);
                now.UnionWith(found);
                foreach (var left in found.Where(before.Contains))
                {
                    settled += await store.SettleAsync(left, cancellation) ? 1 : 0;
                }
            }
            catch (StoreUnavailableException e)
            {
                trouble = e;
            }
        }

        before = now;
        return trouble is null ? settled : throw trouble;
    }

    /// <summary>Sweeps until nothing is left that can be ended; for when nobody else writes.</summary>
    public async ValueTask<int> RunToEndAsync(CancellationToken cancellation)
    {
        var all = await RunAsync(cancellation);
        int settled;
        do
        {
            settled = await RunAsync(cancellation);
            all += settled;
        }
        while (settled > 0);
        return all;
    }
}
