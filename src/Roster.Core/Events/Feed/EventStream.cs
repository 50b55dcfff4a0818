using System.Runtime.CompilerServices;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Feed;

/// <summary>
/// One stream: what its listener missed, read from the store, then what the node hears. Per shard it knows up to where it has
/// told (<c>told</c>): an event at or before that is never told again, and one after it is told only when all before it
/// have been. A shard of which something is missing is <i>behind</i>: what comes of it live is dropped, and read from the
/// store; the others go on.
/// </summary>
public sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly FeedHub hub;
    private readonly CatchUp catchUp;
    private readonly Subscription subscription;
    private readonly TimeProvider time;

    /// <summary>What is missing of each shard, up to where; null when this node does not know the shard's end yet.</summary>
    private readonly Dictionary<ShardId, OutboxCursor?> behind = [];

    private FeedPosition told;
    private bool isAligned;
    private bool hasMore;

    internal EventStream(FeedHub hub, CatchUp catchUp, Subscription subscription, FeedPosition from, bool isLive, TimeProvider time)
    {
        (this.hub, this.catchUp, this.subscription, this.time) = (hub, catchUp, subscription, time);
        (told, hasMore) = (from, !isLive);
    }

    /// <summary>Why it ended; null while it goes on.</summary>
    public FeedEnd? Ended => subscription.Ended;

    /// <summary>Ends it, as its listener went away.</summary>
    public void Leave() => subscription.End(FeedEnd.Left);

    /// <summary>Tells that what was written waits to be taken in, or was; a listener that takes nothing in for long is cut off.</summary>
    public void Waits(bool begins) => subscription.WriteSince = begins ? time.GetTimestamp() : 0;

    /// <summary>Everything there is to send, from where it begins; ends when the stream does.</summary>
    public async IAsyncEnumerable<Delivery> ReadAsync([EnumeratorCancellation] CancellationToken gone)
    {
        yield return new Delivery(told.Utf8, default);
        await foreach (var delivery in MissedAsync(gone))
        {
            yield return delivery;
        }

        do
        {
            hasMore = false;
            foreach (var shard in behind.Keys.ToList())
            {
                await foreach (var delivery in PageAsync(shard, gone))
                {
                    yield return delivery;
                }

                Settle(shard);
            }

            while (!subscription.IsOver && subscription.TryTake(out var item))
            {
                if (Take(item) is { } delivery)
                {
                    yield return delivery;
                }
            }
        }
        while (!subscription.IsOver && await MoreAsync());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        hub.Leave(subscription);
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads until the ends of all shards that can be reached are near, then joins those who listen.</summary>
    private async IAsyncEnumerable<Delivery> MissedAsync([EnumeratorCancellation] CancellationToken gone)
    {
        if (!hasMore)
        {
            yield break;
        }

        while (hasMore && subscription.Ended is null)
        {
            hasMore = false;
            foreach (var shard in catchUp.Shards)
            {
                await foreach (var delivery in PageAsync(shard, gone))
                {
                    yield return delivery;
                }
            }
        }

        var now = hub.Join(subscription);
        foreach (var shard in catchUp.Shards)
        {
            behind[shard] = now.On(shard);
            Settle(shard);
        }
    }

    /// <summary>One page of what a shard has after what was told.</summary>
    private async IAsyncEnumerable<Delivery> PageAsync(ShardId shard, [EnumeratorCancellation] CancellationToken gone)
    {
        if (subscription.Ended is not null and not FeedEnd.TooSlow)
        {
            yield break;
        }

        using var seat = await catchUp.EnterAsync(shard, gone);
        if (await catchUp.ReadAsync(shard, told.On(shard), gone) is not { } page)
        {
            yield break;
        }

        subscription.PageSince = time.GetTimestamp();
        try
        {
            if (page.Expired && told.On(shard) is not null)
            {
                subscription.End(FeedEnd.HistoryBroke);
                yield break;
            }

            var isTold = true;
            foreach (var (cursor, tenant, recorded) in page.Entries)
            {
                told = told.With(shard, cursor);
                isTold = subscription.Listener.Filter.Takes(tenant, recorded.User, recorded.What.Type);
                if (isTold)
                {
                    yield return new Delivery(told.Utf8, catchUp.Encode(recorded));
                }
            }

            told = told.With(shard, page.Next);
            isAligned = false;
            hasMore |= page.Entries.Count >= catchUp.PageSize;
            if (!isTold)
            {
                yield return new Delivery(told.Utf8, default);
            }
        }
        finally
        {
            subscription.PageSince = 0;
        }
    }

    /// <summary>Whether a shard is behind still.</summary>
    private void Settle(ShardId shard)
    {
        if ((behind[shard] ?? hub.Now.On(shard)) is { } end && told.On(shard) is { } place
            && place.Timeline == end.Timeline && place.Position >= end.Position)
        {
            behind.Remove(shard);
        }
    }

    private Delivery? Take(FeedItem item)
    {
        if (!item.IsBeat && behind.ContainsKey(item.Shard))
        {
            behind[item.Shard] = item.Cursor;
            return null;
        }

        if (!item.IsBeat && told.On(item.Shard) is { } place && place.Position >= item.Cursor.Position)
        {
            return null;
        }

        told = isAligned ? item.After : Merge(item.After);
        return new Delivery(told.Utf8, item.Bytes);
    }

    /// <summary>
    /// The position after an item: the node's, which all streams share, except for shards that are behind, or of which more
    /// was told than the node had heard when it put the item in order.
    /// </summary>
    private FeedPosition Merge(FeedPosition after)
    {
        var merged = after;
        foreach (var (shard, place) in told.Cursors)
        {
            if (behind.ContainsKey(shard) || (after.On(shard) is { } heard && heard.Position < place.Position))
            {
                merged = merged.With(shard, place);
            }
        }

        foreach (var shard in behind.Keys.Where(shard => told.On(shard) is null))
        {
            merged = merged.Without(shard);
        }

        isAligned = ReferenceEquals(merged, after) && behind.Count == 0;
        return merged;
    }

    private async ValueTask<bool> MoreAsync() => behind.Count switch
    {
        0 => await subscription.WaitAsync(),
        _ when hasMore => subscription.Ended is null,
        _ => await subscription.WaitAsync(Pause, time),
    };
}
