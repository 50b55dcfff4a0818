using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Model;

/// <summary>One shard's outbox.</summary>
internal sealed class MemoryOutbox
{
    private readonly List<OutboxEntry> entries = [];
    private long dropped;

    public long Head { get; private set; }

    public void Add(long timeline, TenantId tenant, RecordedEvent recorded) =>
        entries.Add(new OutboxEntry(new OutboxCursor(timeline, ++Head), tenant, recorded));

    public OutboxPage Page(long timeline, OutboxCursor after, int limit)
    {
        var from = after.Timeline == timeline ? after.Position : 0;
        var page = entries.Where(e => e.Cursor.Position > from).Take(limit).ToList();
        var next = page.Count > 0 ? page[^1].Cursor : new OutboxCursor(timeline, from);
        return new OutboxPage(page, next, Expired: from < dropped);
    }

    public int Drop(Expiry expiry)
    {
        var old = entries.TakeWhile(e => e.Event.At < expiry.OutboxBefore).Take(expiry.Limit).ToList();
        entries.RemoveRange(0, old.Count);
        dropped = old.Count > 0 ? old[^1].Cursor.Position : dropped;
        return old.Count;
    }
}
