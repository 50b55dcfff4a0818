using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Feed;

/// <summary>
/// Where the tails of all shards meet the streams of this node. It gives all events one order, so that the position after
/// an event, a vector over shards, is the same for every stream that is here, and its text is made once.
/// </summary>
internal sealed class FeedHub(IReadOnlyList<ShardId> shards, FeedOptions options)
{
    private readonly Lock gate = new();
    private readonly FeedRing recent = new(options.MaxRecent, options.MaxRecentBytes);
    private readonly FeedIndex listening = new();
    private readonly HashSet<Subscription> present = [];
    private readonly Dictionary<string, int> byCaller = new(StringComparer.Ordinal);
    private FeedPosition now = FeedPosition.Oldest;
    private bool isClosed;

    /// <summary>Where this node is; it names a shard once that has been reached.</summary>
    public FeedPosition Now
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <summary>Whether there are streams.</summary>
    public bool IsWatched
    {
        get
        {
            lock (gate)
            {
                return present.Count > 0;
            }
        }
    }

    /// <summary>Takes a seat.</summary>
    public FeedRefusal Enter(Subscription subscription)
    {
        var listener = subscription.Listener;
        lock (gate)
        {
            var ofCaller = byCaller.GetValueOrDefault(listener.Name);
            var refusal = isClosed ? FeedRefusal.Draining
                : present.Count >= options.MaxStreams ? FeedRefusal.NodeIsFull
                : ofCaller >= (listener.IsBound ? options.MaxStreamsOfOneUser : options.MaxStreamsPerCaller) ? FeedRefusal.CallerIsFull
                : FeedRefusal.None;
            if (refusal == FeedRefusal.None)
            {
                present.Add(subscription);
                byCaller[listener.Name] = ofCaller + 1;
                FeedMetrics.Opened();
            }

            return refusal;
        }
    }

    public void Leave(Subscription subscription)
    {
        lock (gate)
        {
            if (!present.Remove(subscription))
            {
                return;
            }

            listening.Remove(subscription);
            FeedMetrics.Closed(subscription.Ended);
            var name = subscription.Listener.Name;
            if (--byCaller[name] == 0)
            {
                byCaller.Remove(name);
            }
        }
    }

    /// <summary>From now on a stream is offered everything that comes after the position that is returned.</summary>
    public FeedPosition Join(Subscription subscription)
    {
        lock (gate)
        {
            listening.Add(subscription);
            return now;
        }
    }

    /// <summary>The same for a stream that resumes, which is offered first what it missed; false when some of that is only in the store.</summary>
    public bool TryJoin(Subscription subscription, FeedPosition after)
    {
        lock (gate)
        {
            var filter = subscription.Listener.Filter;
            if (recent.After(after, now, shards)?.Where(item => filter.Takes(item.Tenant, item.User, item.Type)).ToList() is not { } missed
                || !subscription.HasRoomFor(missed.Count, missed.Sum(item => (long)item.Bytes.Length)))
            {
                return false;
            }

            missed.ForEach(subscription.Offer);
            listening.Add(subscription);
            return true;
        }
    }

    /// <summary>A shard's outbox ends here, and nothing of it has been read.</summary>
    public void Meet(ShardId shard, OutboxCursor head)
    {
        lock (gate)
        {
            now = now.With(shard, head);
            recent.Meet(shard, head);
        }
    }

    /// <summary>What came is passed over, as nobody listens; false when somebody does.</summary>
    public bool TryPassOver(ShardId shard, OutboxCursor head)
    {
        lock (gate)
        {
            if (present.Count > 0)
            {
                return false;
            }

            now = now.With(shard, head);
            recent.Clear(now);
            return true;
        }
    }

    /// <summary>Events of a shard, in their order.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="page">A page right after the one before.</param>
    /// <param name="encoded">Its entries' bytes.</param>
    public void Append(ShardId shard, OutboxPage page, IReadOnlyList<ReadOnlyMemory<byte>> encoded)
    {
        lock (gate)
        {
            for (var i = 0; i < encoded.Count; i++)
            {
                var (cursor, tenant, recorded) = page.Entries[i];
                now = now.With(shard, cursor);
                var item = new FeedItem(now)
                {
                    Shard = shard, Cursor = cursor, Tenant = tenant, User = recorded.User, Type = recorded.What.Type, Bytes = encoded[i],
                };
                recent.Add(item);
                listening.Offer(item);
            }
        }
    }

    /// <summary>A shard's history is not the one that was told of: streams that listen end, and resume as the store can say.</summary>
    public void Break(ShardId shard)
    {
        lock (gate)
        {
            now = now.Without(shard);
            recent.Clear(now);
            listening.ForEach(subscription => subscription.End(FeedEnd.HistoryBroke));
        }
    }

    /// <summary>Ends all streams, and opens no more.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
        }

        Array.ForEach(Present(), subscription => subscription.End(FeedEnd.Draining));
    }

    /// <summary>Ends streams that may not go on, cuts those that take nothing in, and tells those where they are that were not told for long.</summary>
    public void Pulse(TimeProvider time)
    {
        foreach (var subscription in Present())
        {
            if (!subscription.Listener.MayGoOn())
            {
                subscription.End(FeedEnd.NotAllowed);
            }

            if (IsOverdue(subscription.PageSince, time) || IsOverdue(subscription.WriteSince, time))
            {
                subscription.End(FeedEnd.TooSlow);
                subscription.Listener.Abort();
            }
        }

        lock (gate)
        {
            var beat = new FeedItem(now);
            listening.ForEach(subscription =>
            {
                if (time.GetElapsedTime(subscription.LastBeat) >= options.Heartbeat)
                {
                    subscription.LastBeat = time.GetTimestamp();
                    subscription.Offer(beat);
                }
            });
        }
    }

    private bool IsOverdue(long since, TimeProvider time) => since != 0 && time.GetElapsedTime(since) > options.Patience;

    private Subscription[] Present()
    {
        lock (gate)
        {
            return [.. present];
        }
    }
}
