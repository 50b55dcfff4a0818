using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Outboxes;

/// <summary>What it takes to read outboxes.</summary>
internal sealed record ReadingParts(
    IStore Store, IControlStore Control, IProgressStore Progress, EventEncoder Encode, ReadingOptions Options, TimeProvider Time, NoticeSink Tell);

/// <summary>
/// One reader's work on one shard's outbox while it holds the lease: page after page in commit order, each delivered before
/// the next; while a full page is being delivered the next is being read.
/// </summary>
internal sealed class OutboxReading(ReadingParts parts, string reader, ShardId shard, EventBatchHandler deliver)
{
    private readonly TimeProvider time = parts.Time;
    private readonly ReadingOptions options = parts.Options;
    private int failures;

    /// <summary>Works until the lease is lost, or until stopped.</summary>
    public async Task RunAsync(HeldLease lease, CancellationToken stop)
    {
        using var metrics = new ReadingMetrics(reader, shard, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, stop);
        using var saving = new CancellationTokenSource();
        var position = new SavedPosition(parts.Progress, reader, shard, lease, options, time);
        var keeper = Task.CompletedTask;
        try
        {
            var from = await PatientlyAsync(() => position.StartAsync(end.Token), metrics, end.Token);
            keeper = position.KeepSavingAsync(saving.Token);
            await ReadOnAsync(from, lease, position, metrics, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Lost or stopped; what was reached is saved below.
        }
        finally
        {
            await saving.CancelAsync();
            await keeper;
        }
    }

    private async Task ReadOnAsync(
        OutboxCursor from, HeldLease lease, SavedPosition position, ReadingMetrics metrics, CancellationToken end)
    {
        Task<Encoded>? ahead = null;
        while (true)
        {
            var page = ahead is null ? await PatientlyAsync(() => PageAsync(from, end), metrics, end) : await ReadAheadAsync(ahead, from, metrics, end);
            var isFull = page.Messages.Count == options.Page;
            ahead = isFull ? PageAsync(page.Next, end) : null;
            Warn(from, page, metrics);
            if (page.Messages.Count == 0)
            {
                metrics.IsCaughtUp();
            }
            else
            {
                metrics.IsAt(page.Oldest);
                if (!await DeliverAsync(page.Messages, lease, metrics, end))
                {
                    return;
                }
            }

            position.Reach(from = page.Next);
            if (!isFull)
            {
                await Task.Delay(page.Messages.Count == 0 ? options.Idle : options.Gather, time, end);
            }
        }
    }

    /// <summary>False when the lease does not stand any more.</summary>
    private async Task<bool> DeliverAsync(IReadOnlyList<EventMessage> messages, HeldLease lease, ReadingMetrics metrics, CancellationToken end)
    {
        while (lease.Stands)
        {
            try
            {
                await deliver(messages, end);
                metrics.HasDelivered(messages.Count);
                Recovered();
                return true;
            }
            catch (PublishException e)
            {
                await BackOffAsync(e, metrics, end);
            }
        }

        return false;
    }

    private async Task<Encoded> PageAsync(OutboxCursor after, CancellationToken end)
    {
        var page = await parts.Store.OutboxAsync(shard, after, options.Page, end);
        var messages = new EventMessage[page.Entries.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            var recorded = page.Entries[i].Event;
            messages[i] = new EventMessage(recorded.User, recorded.Sequence, recorded.What.Type, parts.Encode(recorded));
        }

        return new Encoded(messages, messages.Length > 0 ? page.Entries[0].Event.At : default, page.Next, page.Expired);
    }

    /// <summary>What was read ahead; read again when that failed.</summary>
    private async Task<Encoded> ReadAheadAsync(Task<Encoded> ahead, OutboxCursor from, ReadingMetrics metrics, CancellationToken end)
    {
        var first = true;
        return await PatientlyAsync(
            () =>
            {
                var page = first ? ahead : PageAsync(from, end);
                first = false;
                return page;
            },
            metrics,
            end);
    }

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, ReadingMetrics metrics, CancellationToken end)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreUnavailableException e)
            {
                await BackOffAsync(e, metrics, end);
            }
        }
    }

    private async Task BackOffAsync(Exception e, ReadingMetrics metrics, CancellationToken end)
    {
        metrics.HasFailed();
        if (failures++ == 0)
        {
            parts.Tell(new Notice(IsLoss: false, $"{reader} waits at shard {shard.Value}: {e.Message} It tries again, with growing pauses.", e));
        }

        await Task.Delay(options.BackOff.After(failures), time, end);
    }

    private void Recovered()
    {
        if (failures > 0)
        {
            parts.Tell(new Notice(IsLoss: false, $"{reader} goes on at shard {shard.Value} after {failures} failures."));
        }

        failures = 0;
    }

    private void Warn(OutboxCursor from, Encoded page, ReadingMetrics metrics)
    {
        // A reader that begins, begins with the oldest that is kept: it has missed nothing.
        if (from.Position == 0)
        {
            return;
        }

        if (page.Expired)
        {
            metrics.HasLost();
            parts.Tell(new Notice(
                IsLoss: true,
                $"{reader} has missed events of shard {shard.Value}: they were kept for less time (Roster:Outbox:Retention) than it was behind. It goes on with the oldest there are."));
        }
        else if (page.Next.Timeline != from.Timeline)
        {
            parts.Tell(new Notice(
                IsLoss: false, $"Shard {shard.Value} has another history than when {reader} last read it (a failover or a restored backup): all events that are kept come again."));
        }
    }

    private sealed record Encoded(IReadOnlyList<EventMessage> Messages, DateTimeOffset Oldest, OutboxCursor Next, bool Expired);
}
