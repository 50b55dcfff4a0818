using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Shards;

/// <summary>Buckets as ranges, for people.</summary>
internal static class BucketRanges
{
    /// <summary>A shard's buckets in a map.</summary>
    public static IReadOnlyList<BucketId> Of(ShardMap map, ShardId shard) =>
        [.. Enumerable.Range(0, map.Owners.Count).Where(bucket => map.Owners[bucket] == shard).Select(bucket => new BucketId(bucket))];

    /// <summary><c>0-1023</c>, <c>2048</c>, …; the buckets in ascending order.</summary>
    public static IReadOnlyList<string> Text(IReadOnlyList<BucketId> buckets)
    {
        List<(int First, int Last)> ranges = [];
        foreach (var bucket in buckets)
        {
            if (ranges.Count > 0 && ranges[^1].Last == bucket.Value - 1)
            {
                ranges[^1] = (ranges[^1].First, bucket.Value);
            }
            else
            {
                ranges.Add((bucket.Value, bucket.Value));
            }
        }

        return [.. ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}")];
    }
}
