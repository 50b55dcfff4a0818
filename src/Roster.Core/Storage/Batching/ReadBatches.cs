using System.Runtime.InteropServices;
using Roster.Core.Ids;

namespace Roster.Core.Storage.Batching;

/// <summary>Reads by id from many callers in one: each id asked for once, with a token that covers all of theirs.</summary>
/// <param name="kind">What is read, as metrics name it.</param>
/// <param name="read">The store's read.</param>
/// <param name="options">Limits.</param>
/// <param name="shard">Whose, as metrics say.</param>
internal sealed class ReadBatches<TId, T>(
    string kind,
    Func<IReadOnlyList<TId>, ConsistencyToken, CancellationToken, ValueTask<IReadOnlyList<Read<T>?>>> read,
    BatchingOptions options,
    ShardId? shard)
    where TId : struct, IEquatable<TId>
    where T : class
{
    private readonly NaturalBatcher<(TId Id, ConsistencyToken After), Read<T>?> batcher =
        new(kind, asked => RunAsync(read, asked), options, conflicts: null, shard);

    /// <summary>What was read, in the order asked for.</summary>
    public ValueTask<IReadOnlyList<Read<T>?>> RunAsync(
        IReadOnlyList<TId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var items = new (TId, ConsistencyToken)[ids.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = (ids[i], after);
        }

        return batcher.RunAsync(items, cancellation);
    }

    private static async ValueTask<IReadOnlyList<Read<T>?>> RunAsync(
        Func<IReadOnlyList<TId>, ConsistencyToken, CancellationToken, ValueTask<IReadOnlyList<Read<T>?>>> read,
        IReadOnlyList<(TId Id, ConsistencyToken After)> asked)
    {
        var places = new Dictionary<TId, int>(asked.Count);
        var ids = new List<TId>(asked.Count);
        var after = asked[0].After;
        foreach (var item in asked)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, item.Id, out var known);
            if (!known)
            {
                place = ids.Count;
                ids.Add(item.Id);
            }

            after = ReferenceEquals(after, item.After) ? after : after.Merged(item.After);
        }

        // No caller's token: what one gives up on, others still wait for.
        var found = await read(ids, after, CancellationToken.None);
        if (ids.Count == asked.Count)
        {
            return found;
        }

        var results = new Read<T>?[asked.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = found[places[asked[i].Id]];
        }

        return results;
    }
}
