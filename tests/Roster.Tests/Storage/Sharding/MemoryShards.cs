using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Sharding;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Shards in memory that several nodes share.</summary>
internal sealed class MemoryShards(int count, StateEncoders? encoders = null)
{
    private readonly MemoryStore[] stores = [.. Enumerable.Range(0, count).Select(i =>
        new MemoryStore(encoders ?? SuiteEncoders.All, [new ShardId(i)], _ => new ShardId(i)))];

    public ShardMap Map { get; } = DealtBuckets.Over(count);

    public IReadOnlyDictionary<ShardId, IRebuildableStore> Engines =>
        stores.ToDictionary(store => store.Shards[0], store => (IRebuildableStore)store);

    /// <summary>A node over all shards.</summary>
    /// <param name="decorate">What stands between the node and each shard.</param>
    public ShardingStore Node(Func<IStore, IStore>? decorate = null) =>
        new(Map, [.. stores.Select(store => decorate?.Invoke(store) ?? store)], new IdFactory(TimeProvider.System));
}
