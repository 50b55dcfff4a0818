using Roster.Cli.Shards;
using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>Each shard lets be written what the shard map gives it, and nothing else.</summary>
internal sealed class OwnershipCheck : ShardCheck<ServerShard>
{
    protected override bool Applies(ServerShard shard) => shard.Database?.Owned is not null;

    protected override Finding Find(ServerShard shard, Patient patient)
    {
        var map = patient.Shards.Map();
        var (epoch, buckets) = shard.Database!.Owned!.Value;
        return map.Epoch == 0 ? Finding.Note($"{shard.Place} does not know its buckets yet: the first roster serve deals them out.")
            : buckets.SetEquals(BucketRanges.Of(map, shard.Shard)) ? Finding.Ok($"{shard.Place} lets its {buckets.Count:N0} buckets be written, as the shard map says.")
            : epoch < map.Epoch ? Finding.Wrong($"{shard.Place} knows the buckets of epoch {epoch}, and the shard map is of epoch {map.Epoch}: the next roster serve tells it.")
            : Finding.Wrong($"{shard.Place} lets other buckets be written than the shard map gives it: it is of another set of shards, or a backup of another time. Do not serve it.");
    }
}
