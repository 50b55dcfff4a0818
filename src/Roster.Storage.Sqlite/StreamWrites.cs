using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Writes of what happened: events, their outbox entries, idempotency records. Inside the writer's transaction.</summary>
internal sealed class StreamWrites(SqliteDatabase database)
{
    private readonly SqliteStatement insertEvent = database.Prepare("""
        INSERT INTO events (user_id, sequence, id, type, version, post_id, at, actor, open, personal, personal_key)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """);

    private readonly SqliteStatement insertOutbox = database.Prepare(
        "INSERT INTO outbox (position, user_id, sequence, tenant, at) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly SqliteStatement insertRecord = database.Prepare("""
        INSERT INTO idempotency (bucket, principal, key_hash, request_hash, user_id, post_id, version, status, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    /// <summary>Writes a change's events, and for each the next outbox entry.</summary>
    public void Write(in PreparedChange prepared, ref long outboxHead)
    {
        var events = prepared.Change.Events;
        for (var i = 0; i < events.Count; i++)
        {
            Insert(events[i], prepared.Payloads[i]);
            insertOutbox.Bind(1, ++outboxHead)
                .Bind(2, events[i].User.Value)
                .Bind(3, events[i].Sequence)
                .Bind(4, prepared.Change.Next!.Tenant.Value)
                .Bind(5, Timestamps.ToMicroseconds(events[i].At))
                .Run();
        }
    }

    /// <summary>Writes an idempotency record into its bucket.</summary>
    public void Write(BucketId bucket, IdempotencyRecord record)
    {
        Span<byte> key = stackalloc byte[Hash256.Length];
        Span<byte> request = stackalloc byte[Hash256.Length];
        record.KeyHash.CopyTo(key);
        record.RequestHash.CopyTo(request);
        insertRecord.Bind(1, bucket.Value)
            .Bind(2, record.Principal)
            .Bind(3, key)
            .Bind(4, request)
            .Bind(5, record.User.Value)
            .Bind(6, record.Post?.Value)
            .Bind(7, record.Version)
            .Bind(8, record.Status)
            .Bind(9, Timestamps.ToMicroseconds(record.At))
            .Run();
    }

    private void Insert(RecordedEvent recorded, EventPayload payload)
    {
        PostId? post = recorded.What is Core.Posts.PostEvent e ? e.Post : null;
        insertEvent.Bind(1, recorded.User.Value)
            .Bind(2, recorded.Sequence)
            .Bind(3, recorded.Id)
            .Bind(4, recorded.What.Type)
            .Bind(5, recorded.Version)
            .Bind(6, post?.Value)
            .Bind(7, Timestamps.ToMicroseconds(recorded.At))
            .Bind(8, recorded.Actor)
            .BindOrNull(9, payload.Open.Span)
            .BindOrNull(10, payload.Personal.Span)
            .Bind(11, EventPayload.PersonalKeyId)
            .Run();
    }
}
