using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>An event's row. Every SELECT of events lists its columns in this order.</summary>
internal static class EventRow
{
    /// <summary>
    /// The event in the current row: user_id, sequence, id, type, version, post_id, at, actor, open, personal.
    /// </summary>
    public static RecordedEvent Read(SqliteStatement row)
    {
        PostId? post = row.IsNull(5) ? null : new PostId(row.Id(5));
        var payload = new EventPayload(row.Bytes(8).ToArray(), row.Bytes(9).ToArray());
        return new RecordedEvent
        {
            User = new UserId(row.Id(0)),
            Sequence = row.Int64(1),
            Id = row.Id(2),
            Version = row.Int64(4),
            At = Timestamps.FromMicroseconds(row.Int64(6)),
            Actor = row.Text(7),
            What = EventPayload.Read(row.Text(3), post, payload),
        };
    }
}
