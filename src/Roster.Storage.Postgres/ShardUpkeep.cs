using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Postgres.Members;

namespace Roster.Storage.Postgres;

/// <summary>What keeps a shard in order: clean-up, its health, which buckets it owns.</summary>
internal sealed class ShardUpkeep(PostgresDatabase database, ShardMembers members)
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

    /// <summary>What is wrong with the shard.</summary>
    public async Task<IReadOnlyList<ShardTrouble>> TroublesAsync(ShardId shard, CancellationToken cancellation)
    {
        List<ShardTrouble> troubles = [.. members.Troubles.Select(trouble => new ShardTrouble(shard, trouble) { IsPartial = true })];
        if (members.IsUnbounded)
        {
            // It can be read from as long as one replica answers.
            return troubles;
        }

        try
        {
            var isReplica = await database.RowAsync(new Statement(Health), row => row.GetBoolean(0), cancellation);
            return isReplica ? [new ShardTrouble(shard, "The database only reads: it is a replica.")] : troubles;
        }
        catch (StoreUnavailableException trouble)
        {
            return [new ShardTrouble(shard, trouble.Message) { IsPartial = members.HasFollowers }, .. troubles];
        }
    }

    /// <summary>Changes which buckets it owns.</summary>
    public async Task<bool> OwnAsync(Ownership ownership, CancellationToken cancellation) =>
        await database.RunAsync(ownership.Statements, cancellation) > 0;
}
