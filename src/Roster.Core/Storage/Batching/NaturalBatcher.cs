using System.Diagnostics;
using Roster.Core.Ids;
using Roster.Core.Telemetry;

namespace Roster.Core.Storage.Batching;

/// <summary>
/// Natural batching: while a batch is in flight the next one gathers, so batches are as large as the load makes them
/// and an idle store answers at once; there is no timer. A batch that fails for an unexplained reason is halved until
/// the bad item fails alone. Safe for concurrent use.
/// </summary>
/// <param name="kind">What is batched, as metrics name it.</param>
/// <param name="run">Runs a batch: a result for each item, in order. The list is the callee's to keep.</param>
/// <param name="options">Limits.</param>
/// <param name="conflicts">Items that are equal here are never in flight together and keep their order; null when all may be.</param>
/// <param name="shard">Whose, as metrics say; null when it is no shard's.</param>
public sealed class NaturalBatcher<TItem, TResult>(
    string kind,
    Func<IReadOnlyList<TItem>, ValueTask<IReadOnlyList<TResult>>> run,
    BatchingOptions options,
    IEqualityComparer<TItem>? conflicts = null,
    ShardId? shard = null)
{
    private readonly Lock gate = new();
    private readonly BatchQueue<TItem, TResult> queue = new(conflicts);
    private readonly BatchingMetrics metrics = new(kind, shard);
    private readonly Admission admission = new(options, TimeProvider.System);
    private readonly string name = $"batch {kind}";

    /// <summary>Whether an item would be refused now.</summary>
    public bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return Refuses(1);
            }
        }
    }

    /// <summary>Results of some items, in their order; they may share batches with other callers' items.</summary>
    /// <param name="items">Not changed until the task ends.</param>
    /// <param name="cancellation">Ends this caller's waiting and withdraws what no batch has taken; a batch in flight goes on.</param>
    /// <exception cref="StoreBusyException">Too many items are waiting, or these would wait too long; nothing happened.</exception>
    public ValueTask<IReadOnlyList<TResult>> RunAsync(IReadOnlyList<TItem> items, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (items.Count == 0)
        {
            return new([]);
        }

        var call = new BatchCall<TItem, TResult>(items);
        Started? batch;
        lock (gate)
        {
            if (Refuses(items.Count))
            {
                metrics.WasBusy(items.Count);
                return ValueTask.FromException<IReadOnlyList<TResult>>(new StoreBusyException(StoreBusyException.TooManyWait));
            }

            queue.Add(call);
            metrics.Moved(items.Count);
            batch = TryStart();
        }

        if (batch is not null)
        {
            _ = PumpAsync(batch);
        }

        return call.Task.IsCompletedSuccessfully || !cancellation.CanBeCanceled
            ? new(call.Task)
            : WaitAsync(call, cancellation);
    }

    /// <summary>Under the gate. A call that is larger than the whole capacity gets through: what counts is who waits already.</summary>
    private bool Refuses(int items) => queue.Count >= options.Capacity || !admission.Admits(items, queue.Count);

    private async ValueTask<IReadOnlyList<TResult>> WaitAsync(
        BatchCall<TItem, TResult> call, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (batcher, waiting) = ((NaturalBatcher<TItem, TResult>, BatchCall<TItem, TResult>))state!;
                batcher.Withdraw(waiting, token);
            },
            (this, call));
        return await call.Task;
    }

    private void Withdraw(BatchCall<TItem, TResult> call, CancellationToken token)
    {
        if (call.TrySetCanceled(token))
        {
            lock (gate)
            {
                metrics.Moved(-queue.Withdraw(call));
            }
        }
    }

    /// <summary>The next batch, counted as in flight; null when none may start. Under the gate.</summary>
    private Started? TryStart()
    {
        if (!admission.HasRoom || queue.Count == 0 || queue.Take(options.MaxBatch) is not { Length: > 0 } batch)
        {
            return null;
        }

        metrics.Moved(-batch.Length);
        return new Started(batch, admission.Started(batch.Length));
    }

    private async Task PumpAsync(Started? batch)
    {
        while (batch is not null)
        {
            var running = RunWholeAsync(batch.Entries);
            var wasInline = running.IsCompleted;
            var hasSucceeded = await running;
            Started? other;
            lock (gate)
            {
                admission.Ended(batch.Timed, hasSucceeded);
                batch = TryStart();
                other = TryStart();
            }

            // A place that stood empty because everything waiting conflicted with this batch.
            while (other is not null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.Item1.PumpAsync(s.Item2), (this, other), preferLocal: false);
                lock (gate)
                {
                    other = TryStart();
                }
            }

            if (wasInline && batch is not null)
            {
                // This is still the caller of a batch that has its answer: others' batches are not its work.
                ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.Item1.PumpAsync(s.Item2), (this, batch), preferLocal: false);
                return;
            }
        }
    }

    /// <summary>Runs a batch in a span of its own, which belongs to all who wait for it. Whether it went as it should.</summary>
    private async ValueTask<bool> RunWholeAsync(BatchQueue<TItem, TResult>.Entry[] batch)
    {
        var start = Stopwatch.GetTimestamp();
        metrics.Started(batch.Length, batch[0].Call.Since);
        using var span = Spans.IsOn ? Spans.Shared(name, batch.Select(entry => entry.Call.Caller)) : null;
        span?.SetTag("roster.items", batch.Length).SetTag("roster.shard", shard?.Value);
        var hasSucceeded = await RunAsync(batch);
        metrics.Ended(start);
        return hasSucceeded;
    }

    /// <summary>Runs a batch and gives every caller its results or the reason why not; never throws. Whether it went as it should.</summary>
    private async ValueTask<bool> RunAsync(ArraySegment<BatchQueue<TItem, TResult>.Entry> batch)
    {
        try
        {
            var items = new TItem[batch.Count];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = batch[i].Item;
            }

            var results = await run(items);
            if (results.Count != items.Length)
            {
                throw new InvalidOperationException($"A batch of {items.Length} gave {results.Count} results.");
            }

            Release(batch);
            for (var i = 0; i < items.Length; i++)
            {
                batch[i].Call.Succeed(batch[i].Index, results[i]);
            }

            return true;
        }
        catch (Exception error) when (batch.Count > 1 && error is not (StoreUnavailableException or OperationCanceledException))
        {
            var half = batch.Count / 2;
            await RunAsync(batch[..half]);
            await RunAsync(batch[half..]);
            return false;
        }
        catch (Exception error)
        {
            Release(batch);
            foreach (var entry in batch)
            {
                entry.Call.Fail(error);
            }

            return false;
        }
    }

    /// <summary>Before anybody is answered: whoever asks again at once and finds its own last item in flight has its call torn apart.</summary>
    private void Release(ArraySegment<BatchQueue<TItem, TResult>.Entry> batch)
    {
        lock (gate)
        {
            queue.Release(batch);
        }
    }

    private sealed record Started(BatchQueue<TItem, TResult>.Entry[] Entries, Admission.Batch Timed);
}
