using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Writes of claims, and of what intents of other shards' users reserve. For the writer's thread, inside its transaction.</summary>
internal sealed class ClaimWrites(SqliteDatabase database)
{
    private readonly SqliteStatement take = database.Prepare("""
        INSERT INTO claims (bucket, tenant, email_key, user_id, fence) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, tenant, email_key) DO UPDATE SET user_id = ?4, fence = ?5, intent_id = NULL
        WHERE user_id <> ?4 OR fence < ?5 OR intent_id IS NOT NULL
        """);

    private readonly SqliteStatement giveBack = database.Prepare(
        "DELETE FROM claims WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3 AND user_id = ?4");

    // A claim that the user holds for good stays for good: were the intent given up, withdrawing it would free the e-mail.
    private readonly SqliteStatement reserve = database.Prepare("""
        INSERT INTO claims (bucket, tenant, email_key, user_id, fence, intent_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (bucket, tenant, email_key)
        DO UPDATE SET fence = ?5, intent_id = CASE WHEN intent_id IS NULL THEN NULL ELSE ?6 END WHERE fence < ?5
        """);

    private readonly SqliteStatement confirm = database.Prepare("""
        UPDATE claims SET intent_id = NULL
        WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3 AND user_id = ?4 AND intent_id = ?6
        """);

    private readonly SqliteStatement withdraw = database.Prepare("""
        DELETE FROM claims WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3 AND user_id = ?4 AND intent_id = ?6
        """);

    private readonly SqliteStatement release = database.Prepare("""
        DELETE FROM claims WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3 AND user_id = ?4 AND fence < ?5
        """);

    /// <summary>Writes a change's claims and reservations.</summary>
    /// <param name="change">The change; whoever owns the e-mails it takes has been looked up.</param>
    /// <param name="fence">The fence on the user's row.</param>
    public void Write(Change change, long fence)
    {
        foreach (var claim in change.Claims)
        {
            Write(claim, change.User, fence);
        }

        foreach (var reservation in change.Reservations)
        {
            Write(reservation, change.User);
        }
    }

    /// <summary>Takes or gives back an e-mail; one that is another user's by now is left alone.</summary>
    public void Write(ClaimWrite claim, UserId user, long fence)
    {
        if (claim.Take)
        {
            Key(take, claim.Key, user).Bind(5, fence).Run();
        }
        else
        {
            Key(giveBack, claim.Key, user).Run();
        }
    }

    private void Write(Reservation reservation, UserId user)
    {
        var (statement, needsFence, needsIntent) = reservation.Step switch
        {
            ReservationStep.Reserve => (reserve, true, true),
            ReservationStep.Confirm => (confirm, false, true),
            ReservationStep.Withdraw => (withdraw, false, true),
            _ => (release, true, false),
        };
        Key(statement, reservation.Key, user);
        if (needsFence)
        {
            statement.Bind(5, reservation.Fence);
        }

        if (needsIntent)
        {
            statement.Bind(6, reservation.Intent);
        }

        statement.Run();
    }

    private static SqliteStatement Key(SqliteStatement statement, ClaimKey key, UserId user) =>
        statement.Bind(1, key.Bucket.Value).Bind(2, key.Tenant.Value).Bind(3, key.EmailKey).Bind(4, user.Value);
}
