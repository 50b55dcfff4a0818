using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about the outbox and about idempotency records, for one reading connection.</summary>
internal sealed class OutboxReads(SqliteDatabase database)
{
    private readonly SqliteStatement life = database.Prepare("SELECT timeline, outbox_head, outbox_floor FROM life");

    // There is one writer, so positions are in commit order and a snapshot never shows a gap that fills later.
    private readonly SqliteStatement page = database.Prepare("""
        SELECT e.user_id, e.sequence, e.id, e.type, e.version, e.post_id, e.at, e.actor, e.open, e.personal,
               o.position, o.tenant
        FROM outbox AS o CROSS JOIN events AS e ON e.user_id = o.user_id AND e.sequence = o.sequence
        WHERE o.position > ?1 ORDER BY o.position LIMIT ?2
        """);

    private readonly SqliteStatement outcome = database.Prepare("""
        SELECT principal, key_hash, request_hash, user_id, post_id, version, status, at
        FROM idempotency WHERE principal = ?1 AND key_hash = ?2
        """);

    /// <summary>The cursor after the newest entry.</summary>
    public OutboxCursor Head()
    {
        using (life.Open())
        {
            life.Step();
            return new OutboxCursor(life.Int64(0), life.Int64(1));
        }
    }

    /// <summary>Entries after a cursor.</summary>
    public OutboxPage Page(OutboxCursor after, int limit)
    {
        long timeline, from;
        bool expired;
        using (life.Open())
        {
            life.Step();
            timeline = life.Int64(0);

            // A position beyond the head was never given out in this life: the file is older than the cursor.
            var isOurs = after.Timeline == timeline && after.Position <= life.Int64(1);
            from = isOurs ? after.Position : 0;
            expired = from < life.Int64(2);
        }

        var entries = new List<OutboxEntry>();
        using (page.Bind(1, from).Bind(2, Math.Max(limit, 0)).Open())
        {
            while (page.Step())
            {
                from = page.Int64(10);
                entries.Add(new OutboxEntry(new OutboxCursor(timeline, from), Tenants.Read(page, 11), EventRow.Read(page)));
            }
        }

        return new OutboxPage(entries, new OutboxCursor(timeline, from), expired);
    }

    /// <summary>What a key led to, or null.</summary>
    public IdempotencyRecord? Outcome(string principal, Hash256 keyHash)
    {
        Span<byte> key = stackalloc byte[Hash256.Length];
        keyHash.CopyTo(key);
        using (outcome.Bind(1, principal).Bind(2, key).Open())
        {
            return !outcome.Step() ? null : new IdempotencyRecord
            {
                Principal = outcome.Text(0),
                KeyHash = new Hash256(outcome.Bytes(1)),
                RequestHash = new Hash256(outcome.Bytes(2)),
                User = new UserId(outcome.Id(3)),
                Post = outcome.IsNull(4) ? null : new PostId(outcome.Id(4)),
                Version = outcome.Int64(5),
                Status = outcome.Int32(6),
                At = Timestamps.FromMicroseconds(outcome.Int64(7)),
            };
        }
    }
}
