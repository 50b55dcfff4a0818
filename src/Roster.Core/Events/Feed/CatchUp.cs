using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Feed;

/// <summary>Reads of outboxes for single streams: few pages are in memory at the same time, however many streams catch up.</summary>
internal sealed class CatchUp(IStore store, Func<RecordedEvent, ReadOnlyMemory<byte>> encode, FeedOptions options) : IDisposable
{
    /// <summary>Per shard: one that hangs holds up nobody who reads another.</summary>
    private readonly Dictionary<ShardId, SemaphoreSlim> seats = store.Shards.ToDictionary(shard => shard, _ => new SemaphoreSlim(options.MaxCatchingUp));

    public IReadOnlyList<ShardId> Shards => store.Shards;

    public int PageSize => options.CatchUpPageSize;

    public ReadOnlyMemory<byte> Encode(RecordedEvent recorded) => encode(recorded);

    /// <summary>Waits for room for a page; it is given back when the page has been sent.</summary>
    public async ValueTask<IDisposable> EnterAsync(ShardId shard, CancellationToken cancellation)
    {
        await seats[shard].WaitAsync(cancellation);
        return new Seat(seats[shard]);
    }

    /// <summary>A page after a cursor, from the oldest entry kept when there is none; null while the shard cannot be reached.</summary>
    public async ValueTask<OutboxPage?> ReadAsync(ShardId shard, OutboxCursor? after, CancellationToken cancellation)
    {
        try
        {
            return await store.OutboxAsync(shard, after ?? default, options.CatchUpPageSize, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Whether entries after a position are gone, in any shard that can be reached.</summary>
    public async ValueTask<bool> IsExpiredAsync(FeedPosition after, CancellationToken cancellation)
    {
        foreach (var (shard, cursor) in after.Cursors.Where(known => Shards.Contains(known.Shard)))
        {
            using var seat = await EnterAsync(shard, cancellation);
            try
            {
                if ((await store.OutboxAsync(shard, cursor, 1, cancellation)).Expired)
                {
                    return true;
                }
            }
            catch (StoreUnavailableException)
            {
                // The stream finds out when the shard is back.
            }
        }

        return false;
    }

    public void Dispose()
    {
        foreach (var ofShard in seats.Values)
        {
            ofShard.Dispose();
        }
    }

    private sealed class Seat(SemaphoreSlim ofShard) : IDisposable
    {
        public void Dispose() => ofShard.Release();
    }
}
