using Roster.Core.Ids;

namespace Roster.Core.Storage.Sharding;

/// <summary>The shard map's beginning, and whether it fits the shards there are.</summary>
public static class ShardMaps
{
    /// <summary>The stored map; at first start a new one: equal ranges of buckets, in the order of the shards.</summary>
    /// <param name="control">Where it is stored.</param>
    /// <param name="stores">Each shard's store, the control shard's first.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="InvalidDataException">The map names a shard that is not there, or a shard knows more than the map.</exception>
    public static async ValueTask<ShardMap> EnsureAsync(
        IControlStore control, IReadOnlyList<IStore> stores, CancellationToken cancellation)
    {
        ShardId[] shards = [.. stores.Select(store => store.Shards.Single())];
        if (await control.ShardMapAsync(cancellation) is null)
        {
            await control.ReplaceShardMapAsync(Divided(await OwnersAsync(stores, shards, cancellation)), cancellation);
        }

        var map = (await control.ShardMapAsync(cancellation))!;
        return map.Owners.Except(shards).Cast<ShardId?>().FirstOrDefault() is { } missing
            ? throw new InvalidDataException(
                $"Shard {missing.Value} holds users, but the settings do not name it: add Roster:Shards:{missing.Value}.")
            : map;
    }

    /// <summary>Who shall own buckets at the first start.</summary>
    private static async ValueTask<IReadOnlyList<ShardId>> OwnersAsync(
        IReadOnlyList<IStore> stores, ShardId[] shards, CancellationToken cancellation)
    {
        for (var i = 1; i < shards.Length; i++)
        {
            if (await HeadAsync(stores[i], cancellation) > 0)
            {
                throw new InvalidDataException(
                    $"Shard {shards[i].Value} holds users, but shard 0 is new and knows nothing of them: is its disk there?");
            }
        }

        // A store from before the first map has users already: they are all in shard 0, and stay there.
        return await HeadAsync(stores[0], cancellation) > 0 ? [ShardId.Control] : shards;
    }

    private static async ValueTask<long> HeadAsync(IStore store, CancellationToken cancellation)
    {
        try
        {
            return (await store.OutboxHeadAsync(store.Shards[0], cancellation)).Position;
        }
        catch (StoreUnavailableException away)
        {
            throw new StoreUnavailableException($"Shard {store.Shards[0].Value} is away, and the first start needs every shard. {away.Message}", away);
        }
    }

    /// <summary>Epoch 1: the buckets in equal ranges.</summary>
    public static ShardMap Divided(IReadOnlyList<ShardId> shards) => new(
        1, [.. Enumerable.Range(0, BucketId.Count).Select(bucket => shards[bucket * shards.Count / BucketId.Count])]);
}
