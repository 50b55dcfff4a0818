using Roster.Core.Events;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about readers and consumers, for one reading connection.</summary>
internal sealed class ProgressReads(SqliteDatabase database)
{
    private const string Parked = """
        SELECT p.consumer, p.user_id, p.sequence, p.type, p.json, p.reason, p.attempts, p.since,
               CASE WHEN NOT EXISTS (SELECT 1 FROM parked AS x WHERE x.consumer = p.consumer AND x.user_id = p.user_id AND x.sequence < p.sequence)
                    THEN u.next_attempt END
        FROM parked AS p JOIN parked_users AS u ON u.consumer = p.consumer AND u.user_id = p.user_id
        """;

    private readonly SqliteStatement position = database.Prepare(
        "SELECT timeline, position FROM consumer_positions WHERE consumer = ?1 AND shard = ?2");

    private readonly SqliteStatement progress = database.Prepare("""
        SELECT (SELECT sequence FROM effects WHERE consumer = ?1 AND user_id = ?2),
               EXISTS (SELECT 1 FROM parked_users WHERE consumer = ?1 AND user_id = ?2)
        """);

    private readonly SqliteStatement parked = database.Prepare(
        Parked + " WHERE (p.consumer, p.user_id, p.sequence) > (?1, ?2, ?3) ORDER BY p.consumer, p.user_id, p.sequence LIMIT ?4");

    private readonly SqliteStatement parkedOfConsumer = database.Prepare(
        Parked + " WHERE p.consumer = ?1 AND (p.user_id, p.sequence) > (?2, ?3) ORDER BY p.user_id, p.sequence LIMIT ?4");

    private readonly SqliteStatement parkedOfUser = database.Prepare(
        Parked + " WHERE p.consumer = ?1 AND p.user_id = ?2 AND p.sequence > ?3 ORDER BY p.sequence LIMIT ?4");

    private readonly SqliteStatement count = database.Prepare("SELECT count(*) FROM parked WHERE consumer = ?1");

    private readonly SqliteStatement due = database.Prepare("""
        SELECT user_id FROM parked_users INDEXED BY parked_users_due
        WHERE consumer = ?1 AND next_attempt <= ?2 ORDER BY next_attempt LIMIT ?3
        """);

    /// <summary>How far a reader has come, or null.</summary>
    public OutboxCursor? Position(string reader, ShardId shard)
    {
        using (position.Bind(1, reader).Bind(2, shard.Value).Open())
        {
            return position.Step() ? new OutboxCursor(position.Int64(0), position.Int64(1)) : null;
        }
    }

    /// <summary>What a consumer knows of users.</summary>
    public UserProgress[] Progress(string consumer, IReadOnlyList<UserId> users)
    {
        var known = new UserProgress[users.Count];
        for (var i = 0; i < known.Length; i++)
        {
            using (progress.Bind(1, consumer).Bind(2, users[i].Value).Open())
            {
                progress.Step();
                known[i] = new UserProgress(progress.Int64(0), progress.Int64(1) != 0);
            }
        }

        return known;
    }

    /// <summary>A page of parked events.</summary>
    public IReadOnlyList<ParkedEvent> Page(ParkedQuery query)
    {
        var rows = query switch
        {
            { User: { } user } => parkedOfUser.Bind(1, query.Consumer!).Bind(2, user.Value),
            { Consumer: { } consumer } => parkedOfConsumer.Bind(1, consumer).Bind(2, query.After?.User.Value ?? Guid.Empty),
            _ => parked.Bind(1, query.After?.Consumer ?? string.Empty).Bind(2, query.After?.User.Value ?? Guid.Empty),
        };
        var found = new List<ParkedEvent>();
        using (rows.Bind(3, query.After?.Sequence ?? 0).Bind(4, query.Limit).Open())
        {
            while (rows.Step())
            {
                found.Add(new ParkedEvent
                {
                    Consumer = rows.Text(0),
                    Event = new EventMessage(new UserId(rows.Id(1)), rows.Int64(2), rows.Text(3), rows.Bytes(4).ToArray()),
                    Reason = rows.Text(5),
                    Attempts = rows.Int32(6),
                    Since = Timestamps.FromMicroseconds(rows.Int64(7)),
                    NextAttempt = rows.IsNull(8) ? null : Timestamps.FromMicroseconds(rows.Int64(8)),
                });
            }
        }

        return found;
    }

    /// <summary>How many events are parked.</summary>
    public long Count(string consumer)
    {
        using (count.Bind(1, consumer).Open())
        {
            count.Step();
            return count.Int64(0);
        }
    }

    /// <summary>Users whose turn it is.</summary>
    public IReadOnlyList<UserId> Due(string consumer, DateTimeOffset now, int limit)
    {
        var users = new List<UserId>();
        using (due.Bind(1, consumer).Bind(2, Timestamps.ToMicroseconds(now)).Bind(3, limit).Open())
        {
            while (due.Step())
            {
                users.Add(new UserId(due.Id(0)));
            }
        }

        return users;
    }
}
