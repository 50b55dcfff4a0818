using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about intents and what they reserve, for one reading connection.</summary>
internal sealed class IntentReads(SqliteDatabase database)
{
    private readonly SqliteStatement standing = database.Prepare("SELECT fence, intent FROM users WHERE id = ?1");

    private readonly SqliteStatement claim = database.Prepare(
        "SELECT user_id, intent_id FROM claims WHERE bucket = ?1 AND tenant = ?2 AND email_key = ?3");

    private readonly SqliteStatement intents = database.Prepare(
        "SELECT id, intent_id FROM users INDEXED BY users_with_intent WHERE intent_id IS NOT NULL LIMIT ?1");

    private readonly SqliteStatement reserved = database.Prepare("""
        SELECT user_id, intent_id, bucket, tenant, email_key
        FROM claims INDEXED BY claims_reserved WHERE intent_id IS NOT NULL LIMIT ?1
        """);

    /// <summary>What a user's row says of intents.</summary>
    public Standing Standing(UserId user)
    {
        using (standing.Bind(1, user.Value).Open())
        {
            return standing.Step()
                ? new Standing(standing.Int64(0), standing.IsNull(1) ? null : IntentJson.Decode(standing.Bytes(1), user))
                : default;
        }
    }

    /// <summary>Who has an e-mail, or null.</summary>
    public Claim? ClaimOf(ClaimKey email)
    {
        using (claim.Bind(1, email.Bucket.Value).Bind(2, email.Tenant.Value).Bind(3, email.EmailKey).Open())
        {
            return claim.Step()
                ? new Claim(new UserId(claim.Id(0)), claim.IsNull(1) ? null : claim.Id(1))
                : null;
        }
    }

    /// <summary>Intents that stand, and e-mails that are reserved.</summary>
    public IReadOnlyList<Unsettled> Unsettled(int limit)
    {
        var found = new List<Unsettled>();
        using (intents.Bind(1, limit).Open())
        {
            while (intents.Step())
            {
                found.Add(new Unsettled(new UserId(intents.Id(0)), intents.Id(1), null));
            }
        }

        using (reserved.Bind(1, limit).Open())
        {
            while (reserved.Step())
            {
                var email = new ClaimKey(new BucketId(reserved.Int32(2)), Tenants.Read(reserved, 3), reserved.Text(4));
                found.Add(new Unsettled(new UserId(reserved.Id(0)), reserved.Id(1), email));
            }
        }

        return found;
    }
}
