using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Sharding;
using Roster.Storage.Sqlite;

namespace Roster.Cli.Storage;

/// <summary>The configured storage, open: the only place that names engines.</summary>
internal sealed record OpenedStorage(
    IStore Store, IControlStore Control, IRebuildableStore Rebuildable, Placement Placement, ShardMap Map) : IAsyncDisposable
{
    /// <summary>Name of the secret that says where an e-mail lives.</summary>
    public const string PlacementSecret = "placement";

    /// <summary>Opens, migrates and decorates: sharding over batching over each shard's engine.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, with a sentence.</exception>
    public static async Task<OpenedStorage> OpenAsync(RosterSettings settings, CancellationToken cancellation)
    {
        var engines = new List<SqliteStore>();
        try
        {
            foreach (var (shard, folder) in settings.Shards)
            {
                var options = new SqliteOptions { Folder = folder, Shard = shard };
                if (engines is [var first, ..] && !options.Exists && await OwnsAsync(first.Control, shard, cancellation))
                {
                    throw new InvalidDataException(
                        $"Shard {shard.Value} holds users, but {folder} has no database: is its disk there? Else restore a backup.");
                }

                engines.Add(await SqliteStore.OpenAsync(options, RosterApi.Encoders, cancellation));
            }

            return await OverAsync(engines, settings.Batching, cancellation);
        }
        catch
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }

            throw;
        }
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static async Task<bool> OwnsAsync(IControlStore control, ShardId shard, CancellationToken cancellation) =>
        await control.ShardMapAsync(cancellation) is { } map && map.Owners.Contains(shard);

    private static async Task<OpenedStorage> OverAsync(
        List<SqliteStore> engines, BatchingOptions batching, CancellationToken cancellation)
    {
        var control = engines[0].Control;
        var candidate = System.Security.Cryptography.RandomNumberGenerator.GetBytes(Placement.SecretLength);
        var placement = new Placement(await control.SecretAsync(PlacementSecret, candidate, cancellation));
        var map = await ShardMaps.EnsureAsync(control, engines, cancellation);
        var reads = new BatchingOptions { Capacity = batching.Capacity };
        IStore[] shards = [.. engines.Select(engine => new BatchingStore(engine, batching, reads))];
        return shards is [var only]
            ? new OpenedStorage(only, control, engines[0], placement, map)
            : new OpenedStorage(
                new ShardingStore(map, shards, new IdFactory(TimeProvider.System)),
                control,
                new ShardedRebuild(map, engines.ToDictionary(engine => engine.Shards[0], IRebuildableStore (engine) => engine)),
                placement,
                map);
    }
}
