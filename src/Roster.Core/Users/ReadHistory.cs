using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>A user's events, oldest first.</summary>
public sealed class ReadHistory(IStore store, GetUsers users)
{
    /// <summary>One page.</summary>
    public async ValueTask<PartPage<RecordedEvent>> HandleAsync(
        UserId id, int limit, string? cursor, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        var filters = $"history {id}";
        long sequence = 0;
        if (cursor is not null && !Cursor.TryReadNumber(cursor, filters, out sequence))
        {
            return new(Found: true, CursorFits: false, null);
        }

        if (await users.OneAsync(id, caller, after, cancellation) is null)
        {
            return new(Found: false, CursorFits: true, null);
        }

        var events = await store.HistoryAsync(id, sequence, limit + 1, after, cancellation);
        return new(true, true, Page.Of(events, limit, last => Cursor.WriteNumber(filters, last.Sequence)));
    }
}
