using Roster.Cli.Storage;
using Roster.Core.Ids;

namespace Roster.Cli.Shards;

/// <summary>Who owns which buckets.</summary>
/// <param name="Epoch">Of the shard map; 0 while none is stored and shard 0 owns everything.</param>
/// <param name="Shards">Every shard that is configured, or that the map names.</param>
internal sealed record ShardList(long Epoch, IReadOnlyList<ListedShard> Shards)
{
    private const int RangesShown = 8;

    public static ShardList Of(InspectedShards shards)
    {
        var map = shards.Map();
        var known = shards.All.ToDictionary(shard => shard.Shard);
        return new ShardList(map.Epoch, [.. known.Keys.Concat(map.Owners).Distinct().OrderBy(shard => shard.Value).Select(Listed)]);

        ListedShard Listed(ShardId shard)
        {
            var buckets = BucketRanges.Of(map, shard);
            var there = known.GetValueOrDefault(shard);
            return new ListedShard(
                shard.Value, (there as EmbeddedShard)?.Folder, (there as ServerShard)?.Place, buckets.Count, BucketRanges.Text(buckets));
        }
    }

    public void Show(TextWriter output)
    {
        output.WriteLine(Epoch == 0 ? "No shard map is stored yet: shard 0 owns every bucket." : $"Shard map, epoch {Epoch}:");
        foreach (var shard in Shards)
        {
            var more = shard.Ranges.Count > RangesShown ? ", …" : string.Empty;
            var ranges = shard.Ranges.Count == 0 ? string.Empty : $" ({string.Join(", ", shard.Ranges.Take(RangesShown))}{more})";
            output.WriteLine($"shard {shard.Shard}: {shard.Buckets} buckets{ranges}, {shard.Folder ?? shard.Address ?? "which no setting names"}");
        }
    }
}

/// <summary>A shard and its buckets.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Folder">Where it lies; null when a server keeps it, or no setting names it.</param>
/// <param name="Address">Its server and database; null when it lies in a folder, or no setting names it.</param>
/// <param name="Buckets">How many it owns.</param>
/// <param name="Ranges">Which: <c>first-last</c> or a single one.</param>
internal sealed record ListedShard(int Shard, string? Folder, string? Address, int Buckets, IReadOnlyList<string> Ranges);
