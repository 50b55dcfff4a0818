using System.Security.Cryptography;
using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Caching;
using Roster.Core.Storage.Sharding;
using Roster.Resilience;

namespace Roster.Cli.Storage;

/// <summary>The configured storage, open. This folder is the only place that names engines.</summary>
internal sealed record OpenedStorage(
    IStore Store, IControlStore Control, IProgressStore Progress, IRebuildableStore Rebuildable, Placement Placement, ShardMap Map) : IAsyncDisposable
{
    /// <summary>What this node keeps of each shard in memory; whoever follows the outboxes has to tell them what those say.</summary>
    public IReadOnlyList<ShardCache> Caches { get; init; } = [];

    /// <summary>What gathers the changes of each shard, and knows whether it takes more.</summary>
    public IReadOnlyList<BatchingStore> Batches { get; private init; } = [];

    /// <summary>What this node shares with others; null without Redis.</summary>
    public SharedRows? Shared { get; private init; }

    /// <summary>Under which name the control data keeps the placement secret.</summary>
    public const string PlacementSecret = "placement";

    /// <summary>Opens and decorates: sharding over caching (memory, then Redis) over batching over guards over each shard's engine. The embedded store is migrated on the way.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, with a sentence.</exception>
    public static async Task<OpenedStorage> OpenAsync(RosterSettings settings, CancellationToken cancellation)
    {
        var engines = settings.Postgres is { } postgres
            ? await PostgresShards.OpenAsync(postgres, cancellation)
            : await SqliteShards.OpenAsync(settings.Shards, cancellation);
        try
        {
            return await OverAsync(engines, settings, cancellation);
        }
        catch
        {
            await engines.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await (Shared?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task<OpenedStorage> OverAsync(Engines engines, RosterSettings settings, CancellationToken cancellation)
    {
        var control = engines.Control;
        var candidate = RandomNumberGenerator.GetBytes(Placement.SecretLength);
        var secret = await control.SecretAsync(PlacementSecret, candidate, cancellation);
        var placement = new Placement(secret);
        var map = await ShardMaps.EnsureAsync(control, engines.Stores, cancellation);
        await engines.OwnAsync(map, cancellation);
        var reads = new BatchingOptions { Capacity = settings.Batching.Capacity, MaxWait = settings.Batching.MaxWait };
        var guards = settings.Postgres is { } postgres
            ? settings.Guards with { Places = Math.Max(1, postgres.PoolSize - PostgresSettings.BatchConnections) }
            : settings.Guards;
        var limits = settings.Cache with { MaxBytes = settings.Cache.MaxBytes / engines.Stores.Count };
        ShardCache[] caches = [.. engines.Stores.Select(engine => new ShardCache(engine.Shards[0], limits, TimeProvider.System))];
        var shared = SharedRows.Open(settings, secret);
        BatchingStore[] batches = [.. engines.Stores.Select(engine =>
            new BatchingStore(new GuardedStore(engine, guards, TimeProvider.System), settings.Batching, reads))];
        IStore[] shards = [.. batches.Select((batch, i) => Over(batch, caches[i], shared))];
        return shards is [var only]
            ? new OpenedStorage(only, control, engines.Progress, engines.Rebuildable[only.Shards[0]], placement, map) { Caches = caches, Batches = batches, Shared = shared }
            : new OpenedStorage(
                new ShardingStore(map, shards, new IdFactory(TimeProvider.System)),
                control,
                engines.Progress,
                new ShardedRebuild(map, engines.Rebuildable),
                placement,
                map) { Caches = caches, Batches = batches, Shared = shared };
    }

    private static CachingStore Over(IStore shard, ShardCache cache, SharedRows? shared) =>
        new(shared?.Over(shard, cache) ?? shard, cache, RosterApi.Encoders);
}
