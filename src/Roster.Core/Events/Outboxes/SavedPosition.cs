using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Outboxes;

/// <summary>
/// Where a reader is in a shard's outbox. Saved a few times a second, beside the delivering: what is saved has been
/// delivered, and what was delivered and not saved comes again after a crash.
/// </summary>
internal sealed class SavedPosition(
    IProgressStore progress, string reader, ShardId shard, HeldLease lease, ReadingOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private OutboxCursor reached;
    private OutboxCursor saved;

    /// <summary>Where to go on. It is saved at once, so that writes of a former holder are refused from here on.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot say.</exception>
    public async Task<OutboxCursor> StartAsync(CancellationToken cancellation)
    {
        reached = saved = await progress.PositionAsync(reader, shard, cancellation) ?? default;
        await SaveAsync(reached, cancellation);
        return reached;
    }

    /// <summary>Everything up to here has been delivered.</summary>
    public void Reach(OutboxCursor cursor)
    {
        lock (gate)
        {
            reached = cursor;
        }
    }

    /// <summary>Saves, until it ends; then once more.</summary>
    public async Task KeepSavingAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.SaveEvery, time, end);
            }
            catch (OperationCanceledException)
            {
                // The last time.
            }

            await SaveWhatIsNewAsync();
        }
    }

    private async Task SaveWhatIsNewAsync()
    {
        OutboxCursor cursor;
        lock (gate)
        {
            cursor = reached;
        }

        if (cursor == saved || !lease.Stands)
        {
            return;
        }

        try
        {
            await SaveAsync(cursor, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The next time.
        }
    }

    private async Task SaveAsync(OutboxCursor cursor, CancellationToken cancellation)
    {
        if (await progress.SavePositionAsync(reader, shard, cursor, lease.Fence, cancellation))
        {
            saved = cursor;
        }
        else
        {
            lease.Abandon();
        }
    }
}
