using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Storage.Postgres;

/// <summary>An event's row.</summary>
internal static class EventRow
{
    /// <summary>What every SELECT of events lists, in the order that <see cref="Read"/> reads it in; of the table <c>e</c>.</summary>
    public const string Columns = "e.user_id, e.sequence, e.id, e.type, e.version, e.post_id, e.at, e.actor, e.open, e.personal";

    /// <summary>The event in the current row.</summary>
    public static RecordedEvent Read(NpgsqlDataReader row)
    {
        PostId? post = row.IsDBNull(5) ? null : new PostId(row.GetGuid(5));
        return new RecordedEvent
        {
            User = new UserId(row.GetGuid(0)),
            Sequence = row.GetInt64(1),
            Id = row.GetGuid(2),
            Version = row.GetInt64(4),
            At = Timestamps.FromMicroseconds(row.GetInt64(6)),
            Actor = row.GetString(7),
            What = EventPayload.Read(row.GetString(3), post, new EventPayload(Part(row, 8), Part(row, 9))),
        };
    }

    private static byte[] Part(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);
}
