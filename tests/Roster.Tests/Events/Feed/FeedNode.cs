using System.Text;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Roster.Tests.Storage.Sharding;

namespace Roster.Tests.Events.Feed;

/// <summary>A node's feed over shards in memory, each of which can be taken away from this node.</summary>
internal sealed class FeedNode : IAsyncDisposable
{
    public static readonly FeedOptions Quick = new()
    {
        Poll = TimeSpan.FromMilliseconds(5), BusyPoll = TimeSpan.FromMilliseconds(1), IdlePoll = TimeSpan.FromMilliseconds(10),
        Pulse = TimeSpan.FromMilliseconds(10), Heartbeat = TimeSpan.FromMilliseconds(40), OpeningPatience = TimeSpan.FromSeconds(10),
    };

    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public FeedNode(MemoryShards shards, FeedOptions? options = null, bool isAway = false, bool keepsRows = false)
    {
        Store = shards.Node(store =>
        {
            var away = new ShardSwitch(store) { IsAway = isAway };
            Switches.Add(away);
            return away;
        });
        Feed = new EventFeed(
            Store, recorded => Encoding.ASCII.GetBytes($"{recorded.User} {recorded.Sequence}"), options ?? Quick, TimeProvider.System, (_, _) => { },
            keepsRows ? Store.Shards.Select(shard => new ShardCache(shard, new CacheOptions(), TimeProvider.System)) : null);
        running = Feed.RunAsync(stop.Token);
    }

    public EventFeed Feed { get; }

    public IStore Store { get; }

    /// <summary>One per shard.</summary>
    public List<ShardSwitch> Switches { get; } = [];

    public ValueTask<FeedOpening> OpenAsync(FeedPosition? after = null, FeedFilter? filter = null, Func<bool>? mayGoOn = null) => Feed.OpenAsync(
        new FeedListener(filter ?? new FeedFilter(TenantId.Default), "someone", IsBound: false) { MayGoOn = mayGoOn ?? (() => true), Abort = () => { } },
        after,
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        Feed.Dispose();
        stop.Dispose();
    }
}

/// <summary>A shard's outbox that a node can be cut off from.</summary>
internal sealed class ShardSwitch(IStore inner) : DelegatingStore(inner)
{
    private int reads;

    public bool IsAway { get; set; }

    /// <summary>How often events were read.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>What is read, changed by a test.</summary>
    public Func<OutboxPage, OutboxPage> Seen { get; set; } = page => page;

    public override ValueTask<OutboxPage> OutboxAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        ReadAsync(() => base.OutboxAsync(shard, after, limit, cancellation));

    public override ValueTask<OutboxPage> OutboxOfChangesAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        ReadAsync(() => base.OutboxOfChangesAsync(shard, after, limit, cancellation));

    public override ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation) =>
        IsAway ? throw new StoreUnavailableException("Away.") : base.OutboxHeadAsync(shard, cancellation);

    private async ValueTask<OutboxPage> ReadAsync(Func<ValueTask<OutboxPage>> read)
    {
        Interlocked.Increment(ref reads);
        await Task.Yield();
        return IsAway ? throw new StoreUnavailableException("Away.") : Seen(await read());
    }
}
