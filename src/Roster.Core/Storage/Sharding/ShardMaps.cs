using Roster.Core.Ids;

namespace Roster.Core.Storage.Sharding;

/// <summary>The shard map's beginning, and whether it fits the shards there are.</summary>
public static class ShardMaps
{
    /// <summary>The stored map; at first start a new one: equal ranges of buckets, in the order of the shards.</summary>
    /// <param name="control">Where it is stored.</param>
    /// <param name="first">The control shard's store.</param>
    /// <param name="shards">All shards, the control shard first.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="InvalidDataException">The map names a shard that is not there.</exception>
    public static async ValueTask<ShardMap> EnsureAsync(
        IControlStore control, IStore first, IReadOnlyList<ShardId> shards, CancellationToken cancellation)
    {
        if (await control.ShardMapAsync(cancellation) is null)
        {
            // A store from before the first map has users already: they are all in shard 0, and stay there.
            var head = await first.OutboxHeadAsync(ShardId.Control, cancellation);
            await control.ReplaceShardMapAsync(Divided(head.Position > 0 ? [ShardId.Control] : shards), cancellation);
        }

        var map = (await control.ShardMapAsync(cancellation))!;
        return map.Owners.Except(shards).Cast<ShardId?>().FirstOrDefault() is { } missing
            ? throw new InvalidDataException(
                $"Shard {missing.Value} holds users, but the settings do not name it: add Roster:Shards:{missing.Value}:Path.")
            : map;
    }

    /// <summary>Epoch 1: the buckets in equal ranges.</summary>
    public static ShardMap Divided(IReadOnlyList<ShardId> shards) => new(
        1, [.. Enumerable.Range(0, BucketId.Count).Select(bucket => shards[bucket * shards.Count / BucketId.Count])]);
}
