using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Building;

/// <summary>The suite's shard map.</summary>
public static class DealtBuckets
{
    /// <summary>Buckets dealt out in turn, so that any few e-mails lie in several shards.</summary>
    public static ShardMap Over(int shards) =>
        new(1, [.. Enumerable.Range(0, BucketId.Count).Select(bucket => new ShardId(bucket % shards))]);
}
