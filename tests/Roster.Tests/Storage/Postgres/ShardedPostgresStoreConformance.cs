using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Sharding;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Postgres;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The suite over three PostgreSQL shards, each behind its batching, as they are served.</summary>
public sealed class ShardedPostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions;

    protected override async Task<StoreUnderTest> OpenAsync() =>
        await OverAsync([await lab.CreateAsync(0), await lab.CreateAsync(1), await lab.CreateAsync(2)]);

    private async Task<StoreUnderTest> OverAsync(PostgresOptions[] databases)
    {
        var map = DealtBuckets.Over(databases.Length);
        var engines = new Dictionary<ShardId, IRebuildableStore>();
        List<IStore> shards = [];
        foreach (var options in databases)
        {
            var engine = await PostgresDatabases.OpenAsync(options);
            engines.Add(options.Shard, engine);
            shards.Add(new BatchingStore(engine, new BatchingOptions()));
        }

        return new StoreUnderTest
        {
            Store = new ShardingStore(map, shards, new IdFactory(TimeProvider.System)),
            ShardOf = bucket => map.Owners[bucket.Value],
            Rebuild = new ShardedRebuild(map, engines),
            Reopen = () => OverAsync(databases),
            CleanUp = async () => await Task.WhenAll(databases.Select(lab.DropAsync)),
        };
    }
}
