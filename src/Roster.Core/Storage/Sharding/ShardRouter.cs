using Roster.Core.Ids;

namespace Roster.Core.Storage.Sharding;

/// <summary>Which store holds what: the shard map, looked up in an array.</summary>
internal sealed class ShardRouter
{
    private readonly IStore[] owners;
    private readonly Dictionary<ShardId, IStore> byId;

    /// <summary>Routes by a map.</summary>
    /// <param name="map">Names only shards of <paramref name="shards"/>.</param>
    /// <param name="shards">One store per shard.</param>
    public ShardRouter(ShardMap map, IReadOnlyList<IStore> shards)
    {
        All = shards;
        byId = shards.ToDictionary(store => store.Shards.Single());
        owners = [.. map.Owners.Select(shard => byId[shard])];
    }

    /// <summary>All shards.</summary>
    public IReadOnlyList<IStore> All { get; }

    /// <summary>The store that owns a bucket.</summary>
    public IStore Of(BucketId bucket) => owners[bucket.Value];

    /// <summary>A shard's store.</summary>
    public IStore Of(ShardId shard) => byId.GetValueOrDefault(shard)
        ?? throw new ArgumentException($"There is no shard {shard.Value}.", nameof(shard));

    /// <summary>Asks each shard once, all at the same time, for the items it owns; answers stand in the order of the items.</summary>
    public ValueTask<IReadOnlyList<TResult>> AskAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, BucketId> bucketOf,
        Func<IStore, IReadOnlyList<TItem>, ValueTask<IReadOnlyList<TResult>>> ask)
    {
        if (items.Count == 0)
        {
            return new([]);
        }

        var first = Of(bucketOf(items[0]));
        return items.Skip(1).All(item => Of(bucketOf(item)) == first) ? ask(first, items) : AskManyAsync(items, bucketOf, ask);
    }

    /// <summary>Asks every shard, all at the same time.</summary>
    public async ValueTask<IReadOnlyList<T>> AskAllAsync<T>(Func<IStore, ValueTask<T>> ask) =>
        await Task.WhenAll(All.Select(store => ask(store).AsTask()));

    private async ValueTask<IReadOnlyList<TResult>> AskManyAsync<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, BucketId> bucketOf,
        Func<IStore, IReadOnlyList<TItem>, ValueTask<IReadOnlyList<TResult>>> ask)
    {
        var results = new TResult[items.Count];
        await Task.WhenAll(Enumerable.Range(0, items.Count).GroupBy(i => Of(bucketOf(items[i]))).Select(async group =>
        {
            int[] places = [.. group];
            var answers = await ask(group.Key, [.. places.Select(i => items[i])]);
            for (var i = 0; i < places.Length; i++)
            {
                results[places[i]] = answers[i];
            }
        }));
        return results;
    }
}
