using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Feed;

/// <summary>An event on its way to streams, encoded once for all of them; or a beat, which carries a position alone.</summary>
/// <param name="After">Where a stream is that has had it and everything before it.</param>
internal sealed record FeedItem(FeedPosition After)
{
    public ShardId Shard { get; init; }

    public OutboxCursor Cursor { get; init; }

    public TenantId Tenant { get; init; }

    public UserId User { get; init; }

    public string Type { get; init; } = string.Empty;

    /// <summary>The event as streams send it; empty for a beat.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    public bool IsBeat => Bytes.IsEmpty;
}

/// <summary>What a stream has to send.</summary>
/// <param name="Id">The position after it, as UTF-8.</param>
/// <param name="Event">The encoded event; empty when only the position is news.</param>
public readonly record struct Delivery(ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> Event);
