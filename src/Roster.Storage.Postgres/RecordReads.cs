using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Questions about idempotency records.</summary>
internal sealed class RecordReads(PostgresDatabase database)
{
    // Two requests with one key and different e-mails, at the same moment, can both be recorded: the first one counts.
    private const string ByKey = """
        SELECT principal, key_hash, request_hash, user_id, post_id, version, status, at
        FROM idempotency WHERE key_hash = $1 AND principal = $2 ORDER BY at, user_id LIMIT 1
        """;

    /// <summary>
    /// What a key led to, or null. A commit whose wait for a standby was broken off can be seen and yet be lost with its server: so
    /// what is found is told only after a later commit, which waits for all before it.
    /// </summary>
    public async Task<IdempotencyRecord?> OutcomeAsync(string principal, Hash256 keyHash, CancellationToken cancellation)
    {
        if (await FindAsync(principal, keyHash, cancellation) is null)
        {
            return null;
        }

        // Found again, in case that another server leads since.
        await database.RunAsync([LostCommit.LaterCommit], cancellation);
        return await FindAsync(principal, keyHash, cancellation);
    }

    private Task<IdempotencyRecord?> FindAsync(string principal, Hash256 keyHash, CancellationToken cancellation) => database.RowAsync(
        new Statement(ByKey, Bound.Of(keyHash.ToArray()), Bound.Of(principal)),
        row => new IdempotencyRecord
        {
            Principal = row.GetString(0),
            KeyHash = new Hash256(row.GetFieldValue<byte[]>(1)),
            RequestHash = new Hash256(row.GetFieldValue<byte[]>(2)),
            User = new UserId(row.GetGuid(3)),
            Post = row.IsDBNull(4) ? null : new PostId(row.GetGuid(4)),
            Version = row.GetInt64(5),
            Status = row.GetInt16(6),
            At = Timestamps.FromMicroseconds(row.GetInt64(7)),
        },
        cancellation);
}
