using System.Diagnostics;
using Roster.Core.Telemetry;

namespace Roster.Core.Storage.Batching;

/// <summary>One caller's items, which may end up in several batches, and the promise of all their results.</summary>
internal sealed class BatchCall<TItem, TResult>(IReadOnlyList<TItem> items)
    : TaskCompletionSource<IReadOnlyList<TResult>>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly TResult[] results = new TResult[items.Count];
    private Exception? failure;
    private int open = items.Count;

    /// <summary>The items.</summary>
    public IReadOnlyList<TItem> Items => items;

    /// <summary>Since when it waits, as <see cref="Stopwatch"/> counts.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>The caller's span; none when it is not recorded.</summary>
    public ActivityContext Caller { get; } = Spans.Caller;

    /// <summary>True once the caller has gone: items that no batch has taken are dropped.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>One item's result.</summary>
    public void Succeed(int index, TResult result)
    {
        results[index] = result;
        Close();
    }

    /// <summary>One item failed; the caller hears of it when nothing of its call is in flight any more.</summary>
    public void Fail(Exception reason)
    {
        Interlocked.CompareExchange(ref failure, reason, null);
        Close();
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref open) > 0)
        {
            return;
        }

        _ = failure is null ? TrySetResult(results) : TrySetException(failure);
    }
}
