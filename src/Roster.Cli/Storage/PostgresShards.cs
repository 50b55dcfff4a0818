using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Postgres;

namespace Roster.Cli.Storage;

/// <summary>Shards on PostgreSQL.</summary>
internal static class PostgresShards
{
    /// <summary>Opens shards. One that is away is met later, and looked over then; but not the first, whose control data are needed.</summary>
    /// <exception cref="StoreUnavailableException">The first is away.</exception>
    /// <exception cref="InvalidDataException">One is there and may not be used.</exception>
    public static Task<Engines> OpenAsync(PostgresSettings settings, CancellationToken cancellation) =>
        Engines.OpenAsync<PostgresShard, PostgresStore>(
            settings.Shards,
            (shard, _) => OpenAsync(settings, shard, cancellation),
            engine => (engine.Control, engine.Progress),
            OwnAsync);

    /// <summary>Looks at every shard, all at the same time.</summary>
    public static async Task<InspectedShards> InspectAsync(PostgresSettings settings, CancellationToken cancellation) => new(
        [.. await Task.WhenAll(settings.Shards.Select(shard => ServerShard.OpenAsync(OptionsOf(settings, shard), TimeProvider.System, cancellation)))]);

    private static async Task<PostgresStore> OpenAsync(PostgresSettings settings, PostgresShard shard, CancellationToken cancellation)
    {
        var options = OptionsOf(settings, shard);
        var store = PostgresStore.Of(options, RosterApi.Encoders);
        try
        {
            await store.MeetAsync(cancellation);
        }
        catch (StoreUnavailableException) when (shard.Shard != ShardId.Control)
        {
            // Its users wait; everybody else's are served.
        }
        catch (Exception refusal)
        {
            await store.DisposeAsync();
            throw refusal switch
            {
                InvalidDataException => new InvalidDataException($"{NameOf(options)}: {refusal.Message}", refusal),
                StoreUnavailableException => new StoreUnavailableException(
                    $"{NameOf(options)}: {refusal.Message} It holds the control data (keys, placement secret, shard map), without which nothing starts.", refusal),
                _ => refusal,
            };
        }

        return store;
    }

    private static async Task OwnAsync(PostgresStore engine, ShardMap map, CancellationToken cancellation)
    {
        try
        {
            await engine.OwnAsync(map.Epoch, bucket => map.Owners[bucket.Value] == engine.Shards[0], cancellation);
        }
        catch (StoreUnavailableException) when (engine.Shards[0] != ShardId.Control)
        {
            // The engine tells it before its first use.
        }
    }

    internal static string NameOf(PostgresOptions options) => $"Shard {options.Shard.Value} ({options.Address})";

    /// <exception cref="SettingsException">A connection string is none.</exception>
    internal static PostgresOptions OptionsOf(PostgresSettings settings, PostgresShard shard)
    {
        var options = new PostgresOptions
        {
            ConnectionString = shard.Primary,
            Direct = shard.Direct,
            Replicas = shard.Replicas,
            MaxStaleness = settings.MaxStaleness,
            Shard = shard.Shard,
            PrepareStatements = settings.PrepareStatements,
            PoolSize = settings.PoolSize,
            AllowUnsafeDurability = settings.AllowUnsafeDurability,
        };
        try
        {
            options.Check();
            return options;
        }
        catch (ArgumentException wrong)
        {
            throw new SettingsException($"The connection strings of Roster:Shards:{shard.Shard.Value} cannot be read: {wrong.Message}");
        }
    }
}
