using System.Globalization;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Outboxes;

/// <summary>
/// Reads every shard's outbox, together with the same reader in other processes: one process has a shard at a time, by a
/// lease, and the shards are shared evenly. When a process dies, the others have its shards after the lease's time.
/// </summary>
public sealed class OutboxReaders
{
    private readonly ReadingParts parts;

    /// <summary>Over open storage.</summary>
    /// <param name="store">Whose outboxes.</param>
    /// <param name="control">Where leases are.</param>
    /// <param name="progress">Where positions are.</param>
    /// <param name="encode">Makes CloudEvents.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Takes notices.</param>
    public OutboxReaders(
        IStore store, IControlStore control, IProgressStore progress, EventEncoder encode, ReadingOptions options, TimeProvider time, NoticeSink tell) =>
        parts = new ReadingParts(store, control, progress, encode, options, time, tell);

    /// <summary>Reads until cancelled; then everything is given back.</summary>
    /// <param name="reader">Names the leases and the positions: <c>relay</c>, <c>consumer/mail</c>.</param>
    /// <param name="deliver">Takes pages, those of one shard one after another. <see cref="PublishException"/> means that a page has to be
    /// delivered again; another exception is a bug, and the shard is begun anew after a pause.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string reader, EventBatchHandler deliver, CancellationToken cancellation)
    {
        var shares = new ShardShares(parts, reader);
        var terms = new Dictionary<ShardId, Term>();
        try
        {
            while (true)
            {
                try
                {
                    await AdjustAsync(reader, deliver, shares, terms, cancellation);
                }
                catch (StoreUnavailableException)
                {
                    // The next time; leases that stand go on as long as they do.
                }

                await Task.Delay(parts.Options.Lease / 4, parts.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // All is given back below.
        }
        finally
        {
            await Task.WhenAll(terms.Values.Select(term => term.DisposeAsync().AsTask()));
            await shares.DisposeAsync();
        }
    }

    private async Task AdjustAsync(
        string reader, EventBatchHandler deliver, ShardShares shares, Dictionary<ShardId, Term> terms, CancellationToken cancellation)
    {
        foreach (var (shard, term) in terms.Where(pair => pair.Value.HasEnded).ToList())
        {
            terms.Remove(shard);
            await term.DisposeAsync();
        }

        var (share, free) = await shares.AskAsync(cancellation);
        foreach (var (shard, term) in terms.Skip(share).ToList())
        {
            terms.Remove(shard);
            await term.DisposeAsync();
        }

        foreach (var shard in free.Where(shard => !terms.ContainsKey(shard)))
        {
            if (terms.Count >= share)
            {
                break;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"{reader}/{shard.Value}");
            if (await HeldLease.TryTakeAsync(parts.Control, name, parts.Options.Holder, parts.Options.Lease, parts.Time, cancellation) is { } lease)
            {
                terms.Add(shard, new Term(parts, new OutboxReading(parts, reader, shard, deliver), lease, $"{reader} at shard {shard.Value}"));
            }
        }
    }

    /// <summary>A shard while this process has it. It ends, all of it, before it may begin again.</summary>
    private sealed class Term : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        public Term(ReadingParts parts, OutboxReading reading, HeldLease lease, string what) =>
            running = RunAsync(parts, reading, lease, what);

        public bool HasEnded => running.IsCompleted;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }

        private async Task RunAsync(ReadingParts parts, OutboxReading reading, HeldLease lease, string what)
        {
            try
            {
                await using (lease)
                {
                    await reading.RunAsync(lease, stop.Token);
                }
            }
            catch (Exception e)
            {
                parts.Tell(new Notice(IsLoss: false, $"{what} failed and begins anew: {e.Message}", e));
                await Task.Delay(parts.Options.BackOff.Longest, parts.Time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
