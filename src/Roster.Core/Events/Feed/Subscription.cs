using System.Threading.Channels;

namespace Roster.Core.Events.Feed;

/// <summary>One stream's place in the feed: what waits for it, bounded by number and bytes. One reader.</summary>
internal sealed class Subscription(FeedListener listener, FeedOptions options, long openedAt)
{
    private const int Open = -1;

    private readonly Channel<FeedItem> waiting =
        Channel.CreateBounded<FeedItem>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });

    private long waitingBytes;
    private int end = Open;
    private Task<bool>? more;

    public FeedListener Listener => listener;

    /// <summary>When it was last told where it is: a timestamp; the hub's.</summary>
    public long LastBeat { get; set; } = openedAt;

    /// <summary>Since when a page for it is in memory: a timestamp, or 0.</summary>
    public long PageSince { get; set; }

    /// <summary>Since when what was written waits to be taken in: a timestamp, or 0.</summary>
    public long WriteSince { get; set; }

    /// <summary>Why it ended; null while it goes on.</summary>
    public FeedEnd? Ended => Volatile.Read(ref end) is var reason and not Open ? (FeedEnd)reason : null;

    /// <summary>Whether nothing more may be sent, not even what waits.</summary>
    public bool IsOver => Ended is FeedEnd.NotAllowed or FeedEnd.Left or FeedEnd.HistoryBroke;

    /// <summary>Whether so much fits into what may wait.</summary>
    public bool HasRoomFor(int items, long bytes) => items <= options.MaxWaiting && bytes <= options.MaxWaitingBytes;

    /// <summary>Adds an item; one too many ends the stream after what it has.</summary>
    public void Offer(FeedItem item)
    {
        if (Interlocked.Add(ref waitingBytes, item.Bytes.Length) > options.MaxWaitingBytes || !waiting.Writer.TryWrite(item))
        {
            End(FeedEnd.TooSlow);
        }
    }

    public bool TryTake(out FeedItem item)
    {
        var taken = waiting.Reader.TryRead(out item!);
        Interlocked.Add(ref waitingBytes, taken ? -item.Bytes.Length : 0);
        return taken;
    }

    /// <summary>Ends it, for the first reason that there is.</summary>
    public void End(FeedEnd reason)
    {
        Interlocked.CompareExchange(ref end, (int)reason, Open);
        waiting.Writer.TryComplete();
    }

    /// <summary>Waits until something can be taken; false when nothing comes any more.</summary>
    public ValueTask<bool> WaitAsync() => more is null ? waiting.Reader.WaitToReadAsync(CancellationToken.None) : FinishAsync();

    /// <summary>The same, for so long at most; true when the time is over.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan most, TimeProvider time)
    {
        more ??= waiting.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        await Task.WhenAny(more, Task.Delay(most, time, CancellationToken.None));
        return !more.IsCompleted || await FinishAsync();
    }

    private async ValueTask<bool> FinishAsync()
    {
        var result = await more!;
        more = null;
        return result;
    }
}
