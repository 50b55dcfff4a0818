using Roster.Api;
using Roster.Cli.Settings;
using Roster.Storage.Postgres;

namespace Roster.Cli.Storage;

/// <summary>Shards on PostgreSQL.</summary>
internal static class PostgresShards
{
    public static Task<Engines> OpenAsync(PostgresSettings settings, CancellationToken cancellation) =>
        Engines.OpenAsync<PostgresShard, PostgresStore>(
            settings.Shards,
            (shard, _) => PostgresStore.OpenAsync(OptionsOf(settings, shard), RosterApi.Encoders, cancellation),
            engine => (engine.Control, engine.Progress),
            async (engine, map, stop) => await engine.OwnAsync(map.Epoch, bucket => map.Owners[bucket.Value] == engine.Shards[0], stop));

    /// <summary>Brings every shard's schema up; tells of each step.</summary>
    public static async Task MigrateAsync(PostgresSettings settings, Action<string> tell, CancellationToken cancellation)
    {
        foreach (var shard in settings.Shards)
        {
            var applied = await PostgresMigrations.ApplyAsync(OptionsOf(settings, shard), progress: null, cancellation);
            tell(applied.Count == 0
                ? $"Shard {shard.Shard.Value} is up to date (schema {PostgresMigrations.Newest})."
                : $"Shard {shard.Shard.Value} has schema {PostgresMigrations.Newest} now ({string.Join(", ", applied)} applied).");
        }
    }

    private static PostgresOptions OptionsOf(PostgresSettings settings, PostgresShard shard) => new()
    {
        ConnectionString = shard.Primary,
        Direct = shard.Direct,
        Shard = shard.Shard,
        PrepareStatements = settings.PrepareStatements,
        AllowUnsafeDurability = settings.AllowUnsafeDurability,
    };
}
