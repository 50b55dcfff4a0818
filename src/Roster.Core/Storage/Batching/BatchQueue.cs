namespace Roster.Core.Storage.Batching;

/// <summary>
/// What waits for a batch, in order. Two items that conflict are never in flight together, and keep their order.
/// Not safe for concurrent use.
/// </summary>
/// <param name="conflicts">Items that are equal here conflict; null when none do.</param>
internal sealed class BatchQueue<TItem, TResult>(IEqualityComparer<TItem>? conflicts)
{
    private readonly List<Entry> waiting = [];
    private readonly HashSet<TItem>? taken = conflicts is null ? null : new(conflicts);
    private readonly HashSet<TItem>? skipped = conflicts is null ? null : new(conflicts);

    /// <summary>Items that wait.</summary>
    public int Count => waiting.Count;

    /// <summary>Puts a caller's items at the end.</summary>
    public void Add(BatchCall<TItem, TResult> call)
    {
        for (var i = 0; i < call.Items.Count; i++)
        {
            waiting.Add(new Entry(call, i));
        }
    }

    /// <summary>Drops what no batch has taken of a call; how many items.</summary>
    public int Withdraw(BatchCall<TItem, TResult> call)
    {
        call.IsWithdrawn = true;
        return waiting.RemoveAll(entry => entry.Call.IsWithdrawn);
    }

    /// <summary>Takes the longest-waiting items that conflict with nothing in flight; none when all do.</summary>
    public Entry[] Take(int limit)
    {
        if (taken is null)
        {
            var first = waiting[..Math.Min(limit, waiting.Count)].ToArray();
            waiting.RemoveRange(0, first.Length);
            return first;
        }

        // What is left closes up behind what is taken, in one pass and in order.
        var batch = new List<Entry>(Math.Min(limit, waiting.Count));
        var kept = 0;
        var next = 0;
        for (; next < waiting.Count && batch.Count < limit; next++)
        {
            var entry = waiting[next];
            if (!skipped!.Contains(entry.Item) && taken.Add(entry.Item))
            {
                batch.Add(entry);
            }
            else
            {
                skipped.Add(entry.Item);
                waiting[kept++] = entry;
            }
        }

        waiting.RemoveRange(kept, next - kept);
        skipped!.Clear();
        return [.. batch];
    }

    /// <summary>Lets items follow that conflict with a batch that has ended.</summary>
    public void Release(ArraySegment<Entry> batch)
    {
        foreach (var entry in batch)
        {
            taken?.Remove(entry.Item);
        }
    }

    /// <summary>An item and its place in its caller's results.</summary>
    internal readonly record struct Entry(BatchCall<TItem, TResult> Call, int Index)
    {
        /// <summary>The item.</summary>
        public TItem Item => Call.Items[Index];
    }
}
