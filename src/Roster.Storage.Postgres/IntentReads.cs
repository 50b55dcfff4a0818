using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Questions about intents and what they reserve.</summary>
internal sealed class IntentReads(PostgresDatabase database)
{
    private const string OfUser = "SELECT u.fence, u.intent FROM users AS u WHERE u.bucket = $1 AND u.id = $2";

    private const string OfEmail =
        "SELECT c.user_id, c.intent_id FROM claims AS c WHERE c.bucket = $1 AND c.tenant = $2 AND c.email_key = $3";

    private const string Intents = """
        SELECT u.id, u.intent_id, NULL::smallint, NULL::text, NULL::text FROM users AS u WHERE u.intent_id IS NOT NULL
        ORDER BY u.id LIMIT $1
        """;

    private const string Reserved = """
        SELECT c.user_id, c.intent_id, c.bucket, c.tenant, c.email_key FROM claims AS c WHERE c.intent_id IS NOT NULL
        ORDER BY c.user_id LIMIT $1
        """;

    /// <summary>What a user's row says of intents.</summary>
    public async Task<Standing> StandingAsync(UserId user, CancellationToken cancellation) => await database.RowAsync(
        new Statement(OfUser, Bound.Of(user.Bucket), Bound.Of(user.Value)),
        row => new Standing(row.GetInt64(0), row.IsDBNull(1) ? null : IntentJson.Decode(row.GetFieldValue<byte[]>(1), user)),
        cancellation);

    /// <summary>Who has an e-mail, or null.</summary>
    public async Task<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) => await database.RowAsync<Claim?>(
        new Statement(OfEmail, Bound.Of(email.Bucket), Bound.Of(email.Tenant.Value), Bound.Of(email.EmailKey)),
        row => new Claim(new UserId(row.GetGuid(0)), row.IsDBNull(1) ? null : row.GetGuid(1)),
        cancellation);

    /// <summary>Intents that stand, and e-mails that are reserved.</summary>
    public async Task<IReadOnlyList<Unsettled>> UnsettledAsync(int limit, CancellationToken cancellation)
    {
        var found = await database.RowsAsync(
            [new Statement(Intents, Bound.Of(limit)), new Statement(Reserved, Bound.Of(limit))], [Read, Read], cancellation);
        return [.. found[0], .. found[1]];
    }

    private static Unsettled Read(Npgsql.NpgsqlDataReader row) => new(
        new UserId(row.GetGuid(0)),
        row.GetGuid(1),
        row.IsDBNull(2) ? null : new ClaimKey(new BucketId(row.GetInt16(2)), UserRow.Tenant(row, 3), row.GetString(4)));
}
