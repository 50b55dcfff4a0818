using System.Security.Cryptography;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Sharding;

namespace Roster.Cli.Storage;

/// <summary>The configured storage, open. This folder is the only place that names engines.</summary>
internal sealed record OpenedStorage(
    IStore Store, IControlStore Control, IProgressStore Progress, IRebuildableStore Rebuildable, Placement Placement, ShardMap Map) : IAsyncDisposable
{
    /// <summary>Under which name the control data keeps the placement secret.</summary>
    public const string PlacementSecret = "placement";

    /// <summary>Opens and decorates: sharding over batching over each shard's engine. The embedded store is migrated on the way.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, with a sentence.</exception>
    public static async Task<OpenedStorage> OpenAsync(RosterSettings settings, CancellationToken cancellation)
    {
        var engines = settings.Postgres is { } postgres
            ? await PostgresShards.OpenAsync(postgres, cancellation)
            : await SqliteShards.OpenAsync(settings.Shards, cancellation);
        try
        {
            return await OverAsync(engines, settings.Batching, cancellation);
        }
        catch
        {
            await engines.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static async Task<OpenedStorage> OverAsync(Engines engines, BatchingOptions batching, CancellationToken cancellation)
    {
        var control = engines.Control;
        var candidate = RandomNumberGenerator.GetBytes(Placement.SecretLength);
        var placement = new Placement(await control.SecretAsync(PlacementSecret, candidate, cancellation));
        var map = await ShardMaps.EnsureAsync(control, engines.Stores, cancellation);
        await engines.OwnAsync(map, cancellation);
        var reads = new BatchingOptions { Capacity = batching.Capacity };
        IStore[] shards = [.. engines.Stores.Select(engine => new BatchingStore(engine, batching, reads))];
        return shards is [var only]
            ? new OpenedStorage(only, control, engines.Progress, engines.Rebuildable[only.Shards[0]], placement, map)
            : new OpenedStorage(
                new ShardingStore(map, shards, new IdFactory(TimeProvider.System)),
                control,
                engines.Progress,
                new ShardedRebuild(map, engines.Rebuildable),
                placement,
                map);
    }
}
