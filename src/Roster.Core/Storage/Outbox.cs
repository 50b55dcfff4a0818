using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>A place in one shard's outbox: everything up to it has been read.</summary>
/// <param name="Timeline">The shard's life that <paramref name="Position"/> belongs to.</param>
/// <param name="Position">0 before the first entry.</param>
public readonly record struct OutboxCursor(long Timeline, long Position);

/// <summary>A committed event, where it stands in the outbox, and whose tenant's it is.</summary>
public sealed record OutboxEntry(OutboxCursor Cursor, TenantId Tenant, RecordedEvent Event);

/// <summary>A page of the outbox in commit order, without gaps.</summary>
/// <param name="Entries">What committed after the cursor that was asked for.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Expired">True when entries after the cursor have been dropped already, so that a reader has missed some;
/// a cursor of another timeline is taken for one before the first entry.</param>
public sealed record OutboxPage(IReadOnlyList<OutboxEntry> Entries, OutboxCursor Next, bool Expired)
{
    /// <summary>How many entries the page goes over, those that were left out too; a page that covers its limit is full.</summary>
    public int Covered { get; init; } = Entries.Count;

    /// <summary>Every commit that a token up to here covers has its entries on this page or before it; null when that is not
    /// known, as on a page that is full, or while an older transaction still runs.</summary>
    public Position? AsOf { get; init; }
}

/// <summary>What a clean-up step may remove.</summary>
/// <param name="OutboxBefore">Outbox entries of events before this time.</param>
/// <param name="IdempotencyBefore">Idempotency records made before this time.</param>
/// <param name="Limit">At most so many rows of each kind in each shard, so that a step never holds up writers.</param>
public readonly record struct Expiry(DateTimeOffset OutboxBefore, DateTimeOffset IdempotencyBefore, int Limit);
