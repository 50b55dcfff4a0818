using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;
using Roster.Storage.Postgres;
using Roster.Storage.Postgres.Inspection;

namespace Roster.Cli.Storage;

/// <summary>A shard on PostgreSQL that is looked at.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Options">Where it is.</param>
/// <param name="Database">What is in it, and what its server says.</param>
/// <param name="Problem">Why it cannot be reached.</param>
internal sealed record ServerShard(
    ShardId Shard, PostgresOptions Options, PostgresInspection? Database, string? Problem)
    : InspectedShard(Shard, Options.Address, Problem)
{
    public override IShardInspection? Inside => Database;

    public override int NewestSchema => PostgresMigrations.Newest;

    public static async Task<ServerShard> OpenAsync(PostgresOptions options, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var database = await PostgresInspection.OpenAsync(options, time, cancellation);
            return new ServerShard(options.Shard, options, database, null);
        }
        catch (Exception e) when (e is InvalidDataException or StoreUnavailableException)
        {
            return new ServerShard(options.Shard, options, null, e.Message);
        }
    }
}
