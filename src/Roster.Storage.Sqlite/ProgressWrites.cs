using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Writes about readers and consumers; for the writer's thread, inside its transaction.</summary>
internal sealed class ProgressWrites(SqliteDatabase database)
{
    private readonly SqliteStatement savePosition = database.Prepare("""
        INSERT INTO consumer_positions (consumer, shard, timeline, position, fence) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (consumer, shard) DO UPDATE SET timeline = ?3, position = ?4, fence = ?5 WHERE fence <= ?5
        """);

    private readonly SqliteStatement recordEffect = database.Prepare("""
        INSERT INTO effects (consumer, user_id, sequence) VALUES (?1, ?2, ?3)
        ON CONFLICT (consumer, user_id) DO UPDATE SET sequence = ?3 WHERE sequence < ?3
        """);

    private readonly SqliteStatement parkUser = database.Prepare(
        "INSERT INTO parked_users (consumer, user_id, next_attempt) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement park = database.Prepare("""
        INSERT INTO parked (consumer, user_id, sequence, type, json, reason, attempts, since)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
        """);

    private readonly SqliteStatement tried = database.Prepare(
        "UPDATE parked SET attempts = ?4, reason = ?5 WHERE consumer = ?1 AND user_id = ?2 AND sequence = ?3");

    private readonly SqliteStatement schedule = database.Prepare(
        "UPDATE parked_users SET next_attempt = ?3 WHERE consumer = ?1 AND user_id = ?2");

    private readonly SqliteStatement scheduleAll = database.Prepare(
        "UPDATE parked_users SET next_attempt = ?2 WHERE consumer = ?1");

    private readonly SqliteStatement remove = database.Prepare(
        "DELETE FROM parked WHERE consumer = ?1 AND user_id = ?2 AND sequence = ?3");

    private readonly SqliteStatement removeUser = database.Prepare("""
        DELETE FROM parked_users
        WHERE consumer = ?1 AND user_id = ?2 AND NOT EXISTS (SELECT 1 FROM parked WHERE consumer = ?1 AND user_id = ?2)
        """);

    /// <summary>Saves a position; false when a higher fence has.</summary>
    public bool SavePosition(string reader, ShardId shard, OutboxCursor cursor, long fence) =>
        savePosition.Bind(1, reader)
            .Bind(2, shard.Value)
            .Bind(3, cursor.Timeline)
            .Bind(4, cursor.Position)
            .Bind(5, fence)
            .Run() > 0;

    /// <summary>Records effects.</summary>
    public void Record(string consumer, IEnumerable<Effect> effects)
    {
        foreach (var effect in effects)
        {
            recordEffect.Bind(1, consumer).Bind(2, effect.User.Value).Bind(3, effect.Sequence).Run();
        }
    }

    /// <summary>Parks what is not parked yet.</summary>
    public void Park(IEnumerable<ParkedEvent> events)
    {
        foreach (var parked in events)
        {
            parkUser.Bind(1, parked.Consumer).Bind(2, parked.Event.User.Value).Bind(3, Micros(parked.NextAttempt)).Run();
            Keyed(park, parked)
                .Bind(4, parked.Event.Type)
                .Bind(5, parked.Event.Json.Span)
                .Bind(6, parked.Reason)
                .Bind(7, parked.Attempts)
                .Bind(8, Timestamps.ToMicroseconds(parked.Since))
                .Run();
        }
    }

    /// <summary>Remembers a failed attempt; false when the event is not parked any more.</summary>
    public bool Postpone(ParkedEvent parked) =>
        Keyed(tried, parked).Bind(4, parked.Attempts).Bind(5, parked.Reason).Run() > 0
        && schedule.Bind(1, parked.Consumer).Bind(2, parked.Event.User.Value).Bind(3, Micros(parked.NextAttempt)).Run() > 0;

    /// <summary>Removes an event that had its effect; the user's next one is due.</summary>
    public void Release(ParkedEvent done, DateTimeOffset now)
    {
        Keyed(remove, done).Run();
        Record(done.Consumer, [new Effect(done.Event.User, done.Event.Sequence)]);
        Retry(done.Consumer, done.Event.User, now);
        removeUser.Bind(1, done.Consumer).Bind(2, done.Event.User.Value).Run();
    }

    /// <summary>Makes users due; how many.</summary>
    public int Retry(string consumer, UserId? user, DateTimeOffset now) => user is { } one
        ? schedule.Bind(1, consumer).Bind(2, one.Value).Bind(3, Micros(now)).Run()
        : scheduleAll.Bind(1, consumer).Bind(2, Micros(now)).Run();

    private static SqliteStatement Keyed(SqliteStatement statement, ParkedEvent parked) =>
        statement.Bind(1, parked.Consumer).Bind(2, parked.Event.User.Value).Bind(3, parked.Event.Sequence);

    private static long? Micros(DateTimeOffset? time) => time is { } at ? Timestamps.ToMicroseconds(at) : null;
}
