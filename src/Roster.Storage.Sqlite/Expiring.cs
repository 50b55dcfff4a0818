using Roster.Core.Events;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Small deletes of what has expired; for the writer's thread. Each kind is found by its own order.</summary>
internal sealed class Expiring(SqliteDatabase database)
{
    // Only a beginning of the outbox is removed, so that one number tells a reader whether it has missed something.
    private readonly SqliteStatement outboxEnd = database.Prepare("""
        SELECT max(position) FROM (SELECT position, at FROM outbox ORDER BY position LIMIT ?2)
        WHERE position < coalesce(
            (SELECT min(position) FROM (SELECT position, at FROM outbox ORDER BY position LIMIT ?2) WHERE at >= ?1),
            9223372036854775807)
        """);

    private readonly SqliteStatement removeOutbox = database.Prepare("DELETE FROM outbox WHERE position <= ?1");

    private readonly SqliteStatement moveFloor = database.Prepare("UPDATE life SET outbox_floor = ?1");

    private readonly SqliteStatement removeRecords = database.Prepare("""
        DELETE FROM idempotency WHERE number IN
            (SELECT number FROM idempotency INDEXED BY idempotency_by_time WHERE at < ?1 ORDER BY at LIMIT ?2)
        """);

    private readonly SqliteStatement firstDeleted = database.Prepare("SELECT user_id FROM deleted_authors LIMIT 1");

    private readonly SqliteStatement removePosts = database.Prepare("""
        DELETE FROM posts WHERE id IN (SELECT id FROM posts WHERE user_id = ?1 LIMIT ?2)
        """);

    private readonly SqliteStatement forget = database.Prepare("DELETE FROM deleted_authors WHERE user_id = ?1");

    /// <summary>Removes what it may, in one transaction; the number of rows removed.</summary>
    public int Run(Expiry expiry)
    {
        database.Execute("BEGIN IMMEDIATE");
        var removed = Outbox(expiry) + Records(expiry) + Posts(expiry.Limit);
        SqliteTransactions.Commit(database);
        return removed;
    }

    private int Outbox(Expiry expiry)
    {
        long end;
        using (outboxEnd.Bind(1, Timestamps.ToMicroseconds(expiry.OutboxBefore)).Bind(2, expiry.Limit).Open())
        {
            if (!outboxEnd.Step() || outboxEnd.IsNull(0))
            {
                return 0;
            }

            end = outboxEnd.Int64(0);
        }

        moveFloor.Bind(1, end).Run();
        return removeOutbox.Bind(1, end).Run();
    }

    private int Records(Expiry expiry) => removeRecords
        .Bind(1, Timestamps.ToMicroseconds(expiry.IdempotencyBefore)).Bind(2, expiry.Limit).Run();

    private int Posts(int limit)
    {
        var removed = 0;
        for (var authors = 0; removed < limit && authors < limit; authors++)
        {
            Guid author;
            using (firstDeleted.Open())
            {
                if (!firstDeleted.Step())
                {
                    break;
                }

                author = firstDeleted.Id(0);
            }

            removed += removePosts.Bind(1, author).Bind(2, limit - removed).Run();
            if (removed < limit)
            {
                forget.Bind(1, author).Run();
            }
        }

        return removed;
    }
}
