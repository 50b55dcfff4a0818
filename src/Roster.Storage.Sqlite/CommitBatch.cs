using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>
/// Commits a batch in one transaction with one fsync. Everything that can refuse a change is looked up before its first
/// write, so no change needs a savepoint: SQLite would copy each page it touches. For the writer's thread.
/// </summary>
internal sealed class CommitBatch(SqliteDatabase database, ShardLife life)
{
    private readonly SqliteStatement begin = database.Prepare("BEGIN IMMEDIATE");
    private readonly StateWrites states = new(database);
    private readonly ClaimWrites claims = new(database);
    private readonly StreamWrites streams = new(database);

    private readonly SqliteStatement keyUsed = database.Prepare(
        "SELECT 1 FROM idempotency WHERE principal = ?1 AND key_hash = ?2");

    private readonly SqliteStatement sequenceOf = database.Prepare("SELECT sequence, intent_id, fence FROM users WHERE id = ?1");

    private readonly SqliteStatement ownerOf = database.Prepare(
        "SELECT user_id FROM claims WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3");

    /// <summary>Commits what can be; results stand in the order of the changes.</summary>
    /// <exception cref="SqliteException">One change cannot be written for a reason that is not expected; nothing was.</exception>
    public ChangeResult[] Run(PreparedChange[] changes)
    {
        var results = new ChangeResult[changes.Length];
        var asOf = ConsistencyToken.Of(new Position(life.Clock.Now.Shard, life.Clock.Timeline, life.Commits + 1));
        var outboxHead = life.OutboxHead;
        var written = 0;
        begin.Run();
        for (var i = 0; i < changes.Length; i++)
        {
            var outcome = Refusal(changes[i].Change, out var fence);
            if (outcome == ChangeOutcome.Committed)
            {
                Write(changes[i], fence, ref outboxHead);
                written++;
            }

            results[i] = new ChangeResult(outcome, asOf);
        }

        if (written > 0)
        {
            life.Commit(database, outboxHead);
        }
        else
        {
            database.RollBack();
        }

        return results;
    }

    private ChangeOutcome Refusal(Change change, out long fence)
    {
        fence = 0;
        if (change.Idempotency is { } record && IsUsed(record))
        {
            return ChangeOutcome.KeyUsed;
        }

        using (sequenceOf.Bind(1, change.User.Value).Open())
        {
            var exists = sequenceOf.Step();
            var sequence = exists ? sequenceOf.Int64(0) : 0;
            Guid? intent = exists && !sequenceOf.IsNull(1) ? sequenceOf.Id(1) : null;
            fence = exists ? sequenceOf.Int64(2) : 0;
            if (sequence != change.ExpectedSequence || intent != change.ExpectedIntent || IsLate(change.Intent, intent, fence))
            {
                return ChangeOutcome.Stale;
            }
        }

        foreach (var claim in change.Claims)
        {
            if (claim.Take && OwnerOf(claim.Key) is { } owner && owner != change.User)
            {
                return ChangeOutcome.EmailTaken;
            }
        }

        foreach (var reservation in change.Reservations)
        {
            if (reservation.Step == ReservationStep.Reserve && OwnerOf(reservation.Key) is { } owner && owner != change.User)
            {
                return ChangeOutcome.EmailTaken;
            }
        }

        return ChangeOutcome.Committed;
    }

    /// <summary>Whether an intent would begin behind one that the user has had since.</summary>
    private static bool IsLate(Intent? next, Guid? standing, long fence) =>
        next is not null && next.Id != standing && next.Fence <= fence;

    private void Write(in PreparedChange prepared, long fence, ref long outboxHead)
    {
        var change = prepared.Change;
        states.Write(prepared);
        claims.Write(change, fence);
        streams.Write(prepared, ref outboxHead);
        if (change.Idempotency is { } record)
        {
            streams.Write(change.User.Bucket, record);
        }
    }

    private bool IsUsed(IdempotencyRecord record)
    {
        Span<byte> hash = stackalloc byte[Hash256.Length];
        record.KeyHash.CopyTo(hash);
        using (keyUsed.Bind(1, record.Principal).Bind(2, hash).Open())
        {
            return keyUsed.Step();
        }
    }

    private UserId? OwnerOf(ClaimKey key)
    {
        using (ownerOf.Bind(1, key.Bucket.Value).Bind(2, key.Tenant.Value).Bind(3, key.EmailKey).Open())
        {
            return ownerOf.Step() ? new UserId(ownerOf.Id(0)) : null;
        }
    }
}
