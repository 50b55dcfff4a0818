using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;

namespace Roster.Core.Events.Feed;

/// <summary>
/// The events of all shards for the streams of this node: each shard is followed once, and what it tells is handed to all who
/// listen, in memory.
/// </summary>
public sealed class EventFeed : IDisposable
{
    private readonly FeedHub hub;
    private readonly CatchUp catchUp;
    private readonly IReadOnlyList<ShardTail> tails;
    private readonly IReadOnlyList<ShardId> shards;
    private readonly FeedOptions options;
    private readonly TimeProvider time;

    /// <summary>A feed that is not running yet.</summary>
    /// <param name="store">The shards.</param>
    /// <param name="encode">An event as streams send it: called once for all who listen.</param>
    /// <param name="options">Limits and pauses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="troubled">Told of a shard that cannot be followed, each time it is tried.</param>
    /// <param name="caches">What hears of every change, for some of the shards.</param>
    public EventFeed(
        IStore store, Func<RecordedEvent, ReadOnlyMemory<byte>> encode, FeedOptions options, TimeProvider time, Action<ShardId, Exception> troubled,
        IEnumerable<ShardCache>? caches = null)
    {
        (shards, this.options, this.time) = (store.Shards, options, time);
        hub = new FeedHub(shards, options);
        catchUp = new CatchUp(store, encode, options);
        var hearing = caches?.ToDictionary(cache => cache.Shard) ?? [];
        tails = [.. shards.Select(shard => new ShardTail(store, shard, hub, hearing.GetValueOrDefault(shard), encode, options, time, troubled))];
    }

    /// <summary>Follows all shards and looks after the streams, until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(tails.Select(tail => tail.RunAsync(cancellation)).Append(PulseAsync(cancellation)));

    /// <summary>Ends all streams, each after what it has, and opens no more.</summary>
    public void Close() => hub.Close();

    /// <summary>Opens a stream.</summary>
    /// <param name="listener">Who listens to what.</param>
    /// <param name="after">What it has had; null to begin with what commits from now on.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<FeedOpening> OpenAsync(FeedListener listener, FeedPosition? after, CancellationToken cancellation)
    {
        var subscription = new Subscription(listener, options, time.GetTimestamp());
        var refusal = hub.Enter(subscription);
        if (refusal != FeedRefusal.None)
        {
            return new(null, refusal);
        }

        try
        {
            var opening = await OpenAsync(subscription, after, cancellation);
            if (opening.Stream is null)
            {
                hub.Leave(subscription);
            }

            return opening;
        }
        catch
        {
            hub.Leave(subscription);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => catchUp.Dispose();

    private async ValueTask<FeedOpening> OpenAsync(Subscription subscription, FeedPosition? after, CancellationToken cancellation)
    {
        await HearAsync(cancellation);
        if (after is null)
        {
            var now = hub.Join(subscription);
            return shards.All(shard => now.On(shard) is not null)
                ? Opened(subscription, now, isLive: true)
                : new(null, FeedRefusal.PositionUnknown);
        }

        return hub.TryJoin(subscription, after) ? Opened(subscription, after, isLive: true)
            : await catchUp.IsExpiredAsync(after, cancellation) ? new(null, FeedRefusal.Expired)
            : Opened(subscription, after, isLive: false);
    }

    private FeedOpening Opened(Subscription subscription, FeedPosition from, bool isLive) =>
        new(new EventStream(hub, catchUp, subscription, from, isLive, time), FeedRefusal.None);

    /// <summary>Waits until all shards that can be reached were read anew; one reading serves all who wait.</summary>
    private async ValueTask HearAsync(CancellationToken cancellation)
    {
        var heard = Task.WhenAll(tails.Select(tail => tail.RoundAsync()));
        try
        {
            await heard.WaitAsync(options.OpeningPatience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // A shard hangs; what is known of it has to do.
        }
    }

    private async Task PulseAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.Pulse, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                hub.Pulse(time);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
