using System.Security.Cryptography;
using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Roster.Redis;
using Roster.Redis.Caching;

namespace Roster.Cli.Storage;

/// <summary>What this node shares with others by Redis: a connection, and each shard's rows behind it.</summary>
internal sealed class SharedRows : IAsyncDisposable
{
    private const int NameBytes = 8;

    private readonly RedisConnection connection;
    private readonly SharedCacheOptions options;
    private readonly List<SharedStore> stores = [];
    private SharedCacheMetrics? metrics;

    private SharedRows(RedisOptions redis, SharedCacheOptions options)
    {
        this.options = options;
        connection = RedisConnection.Open(redis, TimeProvider.System);
        Calls = new RedisCalls(connection, TimeProvider.System);
    }

    /// <summary>The way to Redis.</summary>
    public RedisCalls Calls { get; }

    /// <summary>Begins to connect, if a Redis is set.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="secret">The cluster's secret: its hash tells this cluster's keys from others'.</param>
    public static SharedRows? Open(RosterSettings settings, ReadOnlySpan<byte> secret) => settings.Redis is not { } redis ? null : new SharedRows(
        redis,
        new SharedCacheOptions
        {
            Namespace = Convert.ToHexStringLower(SHA256.HashData([.. "roster in redis"u8, .. secret]).AsSpan(0, NameBytes)),
            Expiry = settings.SharedExpiry,
        });

    /// <summary>Puts shared rows between a shard and this node's memory of it.</summary>
    public IStore Over(IStore shard, ShardCache cache)
    {
        stores.Add(new SharedStore(shard, cache, Calls, options, RosterApi.Encoders, TimeProvider.System));
        return stores[^1];
    }

    /// <summary>Tells about itself from now on.</summary>
    public void Measure() => metrics ??= new SharedCacheMetrics(Calls, stores, TimeProvider.System);

    /// <summary>After the stores, which still use it.</summary>
    public async ValueTask DisposeAsync()
    {
        await (metrics?.DisposeAsync() ?? ValueTask.CompletedTask);
        await connection.DisposeAsync();
    }
}
