using Roster.Core.Storage.Sharding;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Sharding;

/// <summary>The suite over three shards in memory: fast, for long runs of generated sequences.</summary>
public sealed class ShardedMemoryStoreConformance : StoreConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => Task.FromResult(Over(new MemoryShards(3)));

    private static StoreUnderTest Over(MemoryShards shards) => new()
    {
        Store = shards.Node(),
        ShardOf = bucket => shards.Map.Owners[bucket.Value],
        Rebuild = new ShardedRebuild(shards.Map, shards.Engines),
        Reopen = () => Task.FromResult(Over(shards)),
    };
}
