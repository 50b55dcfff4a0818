using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Feed;

/// <summary>
/// The newest events of this node, bounded by number and bytes: after a node has died its streams resume on the others
/// from here, and not with a query each. Not safe for concurrent use.
/// </summary>
internal sealed class FeedRing(int maxItems, long maxBytes)
{
    private readonly Queue<FeedItem> items = new();
    private long bytes;

    /// <summary>Where a stream must be, at least, to find everything after it here.</summary>
    public FeedPosition Start { get; private set; } = FeedPosition.Oldest;

    public void Add(FeedItem item)
    {
        items.Enqueue(item);
        bytes += item.Bytes.Length;
        while (items.Count > maxItems || bytes > maxBytes)
        {
            var dropped = items.Dequeue();
            bytes -= dropped.Bytes.Length;
            Start = dropped.After;
        }
    }

    /// <summary>A shard is known from here on.</summary>
    public void Meet(ShardId shard, OutboxCursor cursor) => Start = Start.With(shard, cursor);

    /// <summary>Forgets everything; goes on from a position.</summary>
    public void Clear(FeedPosition now)
    {
        items.Clear();
        (bytes, Start) = (0, now);
    }

    /// <summary>What comes after a position, in order; null when some of it is not here.</summary>
    /// <param name="after">Where a stream is.</param>
    /// <param name="now">Where this node is.</param>
    /// <param name="shards">Those it must have read.</param>
    public IEnumerable<FeedItem>? After(FeedPosition after, FeedPosition now, IEnumerable<ShardId> shards) =>
        shards.All(shard => Holds(after.On(shard), Start.On(shard), now.On(shard)))
            ? items.Where(item => item.Cursor.Position > after.On(item.Shard)!.Value.Position)
            : null;

    // Beyond what this node has seen: perhaps a position of no life of the shard, so the store has to say.
    private static bool Holds(OutboxCursor? after, OutboxCursor? start, OutboxCursor? now) =>
        after is { } place && start is { } first && now is { } last
        && place.Timeline == first.Timeline && place.Timeline == last.Timeline
        && place.Position >= first.Position && place.Position <= last.Position;
}
