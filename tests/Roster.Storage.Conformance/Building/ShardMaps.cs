using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Building;

/// <summary>Shard maps of the suite.</summary>
public static class ShardMaps
{
    /// <summary>Buckets dealt out in turn, so that any few e-mails lie in several shards.</summary>
    public static ShardMap Dealt(int shards) =>
        new(1, [.. Enumerable.Range(0, BucketId.Count).Select(bucket => new ShardId(bucket % shards))]);
}
