using System.Collections.Concurrent;

namespace Roster.Core.Storage.Caching;

/// <summary>Reads by id of one kind: from memory, else from the store behind.</summary>
internal sealed class CachedRows<TId, T>(
    RowKind<TId, T> kind,
    ShardCache cache,
    Func<IReadOnlyList<TId>, ConsistencyToken, CancellationToken, ValueTask<IReadOnlyList<Read<T>?>>> read)
    where T : class
{
    /// <summary>Reads of single rows under way, so that many who miss one row make one read.</summary>
    private readonly ConcurrentDictionary<Guid, Task<Read<T>?>> underWay = new();

    /// <summary>Who comes from now on joins no read that began before.</summary>
    public void Part(Guid id) => underWay.TryRemove(id, out _);

    public ValueTask<IReadOnlyList<Read<T>?>> RunAsync(IReadOnlyList<TId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        after.IsLatest ? read(ids, after, cancellation) : ids.Count == 1 ? OneAsync(ids, after, cancellation) : ManyAsync(ids, after, cancellation);

    private async ValueTask<IReadOnlyList<Read<T>?>> OneAsync(IReadOnlyList<TId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var key = kind.KeyOf(ids[0]);
        if (cache.IsCommitting(key))
        {
            return await ManyAsync(ids, after, cancellation);
        }

        if (underWay.TryGetValue(key, out var others) && await others.WaitAsync(cancellation) is var theirs && Covers(theirs, after))
        {
            return [theirs];
        }

        var mine = new TaskCompletionSource<Read<T>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!underWay.TryAdd(key, mine.Task))
        {
            return await ManyAsync(ids, after, cancellation);
        }

        // A change that began meanwhile has not seen this read: nobody may join it.
        if (cache.IsCommitting(key))
        {
            Part(key);
        }

        try
        {
            // Nobody's own token: what one gives up on, others may wait for.
            var found = await ManyAsync(ids, after, CancellationToken.None);
            mine.SetResult(found[0]);
            return found;
        }
        catch (Exception e)
        {
            mine.SetException(e);
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            underWay.TryRemove(KeyValuePair.Create(key, mine.Task));
        }
    }

    private bool Covers(Read<T>? theirs, ConsistencyToken after) =>
        after.On(cache.Shard) is not { } told || (theirs is { AsOf: var asOf } && asOf.Timeline == told.Timeline && asOf.Value >= told.Value);

    private async ValueTask<IReadOnlyList<Read<T>?>> ManyAsync(IReadOnlyList<TId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var results = new Read<T>?[ids.Count];
        List<int> missing = [];
        for (var i = 0; i < results.Length; i++)
        {
            if (cache.TryGet(kind.KeyOf(ids[i]), after, out results[i]))
            {
                cache.Counts.Hit();
            }
            else
            {
                missing.Add(i);
            }
        }

        if (missing.Count > 0)
        {
            await AskStoreAsync(ids, missing, results, after, cancellation);
        }

        return results;
    }

    private async ValueTask AskStoreAsync(
        IReadOnlyList<TId> ids, List<int> missing, Read<T>?[] results, ConsistencyToken after, CancellationToken cancellation)
    {
        cache.Counts.Missed(missing.Count);
        var found = await read(missing.Count == ids.Count ? ids : [.. missing.Select(i => ids[i])], after, cancellation);
        for (var i = 0; i < found.Count; i++)
        {
            results[missing[i]] = found[i];
            if (found[i] is { } row)
            {
                cache.Keep(kind.KeyOf(ids[missing[i]]), kind.VersionOf(row.State), row, kind.AuthorOf(row.State));
            }
        }
    }
}
