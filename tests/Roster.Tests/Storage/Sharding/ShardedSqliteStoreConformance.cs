using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Sharding;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Tests.Storage.Sqlite;

namespace Roster.Tests.Storage.Sharding;

/// <summary>The suite over three SQLite shards, each behind its batching, as they are served.</summary>
public sealed class ShardedSqliteStoreConformance : StoreConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => OverAsync([new(0), new(1), new(2)]);

    private static async Task<StoreUnderTest> OverAsync(SqliteFolder[] folders)
    {
        var map = DealtBuckets.Over(folders.Length);
        var engines = new Dictionary<ShardId, IRebuildableStore>();
        List<IStore> shards = [];
        foreach (var folder in folders)
        {
            var engine = await folder.OpenAsync();
            engines.Add(folder.Options.Shard, engine);
            shards.Add(new BatchingStore(engine, new BatchingOptions()));
        }

        return new StoreUnderTest
        {
            Store = new ShardingStore(map, shards, new IdFactory(TimeProvider.System)),
            ShardOf = bucket => map.Owners[bucket.Value],
            Rebuild = new ShardedRebuild(map, engines),
            Reopen = () => OverAsync(folders),
            CleanUp = () =>
            {
                Array.ForEach(folders, folder => folder.Delete());
                return default;
            },
        };
    }
}
