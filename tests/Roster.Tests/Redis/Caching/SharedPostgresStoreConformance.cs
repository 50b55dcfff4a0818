using System.Security.Cryptography;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Roster.Redis;
using Roster.Redis.Caching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Tests.Storage.Caching;
using Roster.Tests.Storage.Postgres;

namespace Roster.Tests.Redis.Caching;

/// <summary>The suite over rows shared by Redis over PostgreSQL, with a memory before it that keeps hardly any, so that Redis is asked; and one that forgets all the time.</summary>
public sealed class SharedPostgresStoreConformance(PostgresLab lab, RedisLab redis) : StoreConformance
{
    private static readonly CacheOptions Tiny = new() { MaxBytes = 2_000, Remembered = 4 };

    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions.Concat(FollowedStore.Exceptions).ToDictionary(StringComparer.Ordinal);

    protected override async Task<StoreUnderTest> OpenAsync()
    {
        var calls = await redis.CallsAsync();
        var options = new SharedCacheOptions { Namespace = RandomNumberGenerator.GetHexString(16, lowercase: true), Remembered = 4 };
        return await PostgresDatabases.OpenForSuiteAsync(lab, store => FollowedStore.Over(store, Tiny, (shard, cache) => Share(shard, cache, calls, options)));
    }

    private static SharedStore Share(IStore shard, ShardCache cache, RedisCalls calls, SharedCacheOptions options) =>
        new(shard, cache, calls, options, SuiteEncoders.All, TimeProvider.System);
}
