using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;

namespace Roster.Core.Events.Feed;

/// <summary>
/// Follows one shard's outbox for a whole node, for its streams and its cache. While neither wants it, it only asks where the outbox
/// ends; what then commits is passed over. A shard that is away is tried again; the others' tails go on.
/// </summary>
/// <param name="store">Where the shard is.</param>
/// <param name="shard">Which.</param>
/// <param name="hub">Where its events go.</param>
/// <param name="cache">What is to hear of every change, if anything.</param>
/// <param name="encode">An event as streams send it.</param>
/// <param name="options">Pauses and sizes.</param>
/// <param name="time">The clock.</param>
/// <param name="troubled">Told of what goes wrong.</param>
internal sealed class ShardTail(
    IStore store,
    ShardId shard,
    FeedHub hub,
    ShardCache? cache,
    Func<RecordedEvent, ReadOnlyMemory<byte>> encode,
    FeedOptions options,
    TimeProvider time,
    Action<ShardId, Exception> troubled)
{
    private readonly Lock gate = new();
    private TaskCompletionSource<bool> next = NewRound();
    private TaskCompletionSource<bool> wanted = NewRound();
    private OutboxCursor? cursor;

    /// <summary>Ends with the first reading that begins after this call: then all that had committed before has been told. False when it failed.</summary>
    public Task<bool> RoundAsync()
    {
        lock (gate)
        {
            wanted.TrySetResult(true);
            return next.Task;
        }
    }

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var round = Begin();
            TimeSpan pause;
            try
            {
                do
                {
                    pause = await PollAsync(cancellation);
                }
                while (pause == TimeSpan.Zero);
                round.SetResult(true);
            }
            catch (Exception e)
            {
                round.SetResult(false);
                pause = options.IdlePoll;
                if (!cancellation.IsCancellationRequested)
                {
                    troubled(shard, e);
                }
            }

            await PauseAsync(pause, cancellation);
        }
    }

    private bool IsWanted => cache is not null || hub.IsWatched;

    private async ValueTask<TimeSpan> PollAsync(CancellationToken cancellation)
    {
        if (cursor is null || !IsWanted)
        {
            var head = await store.OutboxHeadAsync(shard, cancellation);
            if (cursor is null)
            {
                hub.Meet(shard, head);
                cursor = head;
            }
            else if (hub.TryPassOver(shard, head))
            {
                cursor = head;
            }

            return IsWanted ? TimeSpan.Zero : options.IdlePoll;
        }

        var asked = time.GetTimestamp();
        var isWatched = hub.IsWatched;
        var page = isWatched
            ? await store.OutboxAsync(shard, cursor.Value, options.PageSize, cancellation)
            : await store.OutboxOfChangesAsync(shard, cursor.Value, options.PageSize, cancellation);
        if (!Follows(page, cursor.Value))
        {
            hub.Break(shard);
            cache?.Forget();
            cursor = null;
            return TimeSpan.Zero;
        }

        cache?.Hear(page, asked);
        if (isWatched)
        {
            hub.Append(shard, page, [.. page.Entries.Select(entry => encode(entry.Event))]);
        }
        else if (!hub.TryPassOver(shard, page.Next))
        {
            // Somebody came meanwhile, and wants what was left out: the page again, whole. To hear it twice harms no cache.
            return TimeSpan.Zero;
        }

        cursor = page.Next;
        return page.Covered >= options.PageSize ? TimeSpan.Zero : page.Covered > 0 ? options.BusyPoll : options.Poll;
    }

    // Another timeline, a gap, or a store that is older than what it has told already.
    private static bool Follows(OutboxPage page, OutboxCursor after) =>
        !page.Expired && page.Next.Timeline == after.Timeline && page.Next.Position >= after.Position
        && (page.Entries.Count == 0 || page.Entries[0].Cursor.Position > after.Position);

    private TaskCompletionSource<bool> Begin()
    {
        lock (gate)
        {
            var round = next;
            (next, wanted) = (NewRound(), NewRound());
            return round;
        }
    }

    private async ValueTask PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        if (pause > TimeSpan.Zero && !cancellation.IsCancellationRequested)
        {
            Task isWanted;
            lock (gate)
            {
                isWanted = wanted.Task;
            }

            using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(isWanted, Task.Delay(pause, time, rest.Token));
            await rest.CancelAsync();
        }
    }

    private static TaskCompletionSource<bool> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
