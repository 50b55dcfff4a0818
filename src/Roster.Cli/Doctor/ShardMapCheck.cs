using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Doctor;

/// <summary>Every bucket has an owner, and every owner is configured.</summary>
internal sealed class ShardMapCheck : ICheck
{
    public ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation) =>
        new(patient.Shards.Control.Inside is null or { Schema: 0 } ? [] : [Find(patient.Shards, patient.Settings.Postgres is null ? "Path to its folder" : "Primary to its server")]);

    private static Finding Find(InspectedShards shards, string setting)
    {
        try
        {
            return Find(shards.Map(), shards.All.Select(shard => shard.Shard).ToHashSet(), setting);
        }
        catch (StoreUnavailableException e)
        {
            return Finding.Wrong(e.Message);
        }
    }

    private static Finding Find(ShardMap map, IReadOnlySet<ShardId> configured, string setting)
    {
        if (map.Owners.Count != BucketId.Count)
        {
            return Finding.Wrong($"The shard map covers {map.Owners.Count} buckets instead of {BucketId.Count}: restore a backup.");
        }

        var unknown = map.Owners.Where(owner => !configured.Contains(owner)).Distinct().OrderBy(owner => owner.Value).ToList();
        return unknown.Count == 0
            ? Finding.Ok($"The shard map covers all {BucketId.Count:N0} buckets, and its shards are configured.")
            : Finding.Wrong($"The shard map names shard {unknown[0].Value}, which is not configured: set Roster:Shards:{unknown[0].Value}:{setting}.");
    }
}
