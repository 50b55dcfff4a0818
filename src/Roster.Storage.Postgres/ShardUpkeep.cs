using Roster.Core.Events;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>What keeps a shard in order: clean-up, its health, which buckets it owns.</summary>
internal sealed class ShardUpkeep(PostgresDatabase database)
{
    private const string Expire = "SELECT roster_expire($1, $2, $3)";

    private const string Health = "SELECT pg_is_in_recovery(), count(*) FROM life";

    /// <summary>One clean-up step.</summary>
    public async Task<int> ExpireAsync(Expiry expiry, CancellationToken cancellation)
    {
        var statement = new Statement(
            Expire,
            Bound.Of(Timestamps.ToMicroseconds(expiry.OutboxBefore)),
            Bound.Of(Timestamps.ToMicroseconds(expiry.IdempotencyBefore)),
            Bound.Of(expiry.Limit));
        return (int)Math.Min(int.MaxValue, await database.RowAsync(statement, row => row.GetInt64(0), cancellation));
    }

    /// <summary>Why the shard cannot serve; null when it can.</summary>
    public async Task<string?> TroubleAsync(CancellationToken cancellation)
    {
        try
        {
            var isReplica = await database.RowAsync(new Statement(Health), row => row.GetBoolean(0), cancellation);
            return isReplica ? "The database only reads: it is a replica." : null;
        }
        catch (StoreUnavailableException trouble)
        {
            return trouble.Message;
        }
    }

    /// <summary>Changes which buckets it owns.</summary>
    public async Task<bool> OwnAsync(Ownership ownership, CancellationToken cancellation) =>
        await database.RunAsync(ownership.Statements, cancellation) > 0;
}
