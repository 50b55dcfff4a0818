using System.Diagnostics;
using Roster.Core.Events.Feed;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Caching;
using Roster.Storage.Conformance.Building;

namespace Roster.Tests.Storage.Caching;

/// <summary>A shard behind its cache, as a node has it: batched, and told by a tail of its own what the outbox says.</summary>
internal sealed class FollowedStore : DelegatingStore
{
    private static readonly BatchingOptions Two = new() { MaxInFlight = 2 };
    private static readonly FeedOptions Quick = new() { Poll = TimeSpan.FromMilliseconds(5), BusyPoll = TimeSpan.FromMilliseconds(1), IdlePoll = TimeSpan.FromMilliseconds(20) };

    /// <summary>What a cache does otherwise.</summary>
    public static IReadOnlyDictionary<string, string> Exceptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["A_restore_puts_right_what_was_damaged_and_makes_no_entry"] = "No event tells of a row that rebuild puts right: it is seen when the row in memory reaches the cap on its age.",
    };

    private readonly CancellationTokenSource stop = new();
    private readonly EventFeed feed;
    private readonly Task following;

    private FollowedStore(IStore engine, ShardCache cache, Func<IStore, ShardCache, IStore>? share)
        : base(new CachingStore(Shared(new BatchingStore(engine, Two, Two), cache, share), cache, SuiteEncoders.All))
    {
        Cache = cache;
        feed = new EventFeed(Inner, _ => default, Quick, TimeProvider.System, (_, _) => { }, [cache]);
        following = feed.RunAsync(stop.Token);
    }

    public ShardCache Cache { get; }

    /// <summary>A store as a node has it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Limits of memory.</param>
    /// <param name="share">Puts shared rows before the shard, if there are any.</param>
    public static FollowedStore Over(IStore engine, CacheOptions? options = null, Func<IStore, ShardCache, IStore>? share = null)
    {
        var store = new FollowedStore(engine, new ShardCache(engine.Shards[0], options ?? new CacheOptions(), TimeProvider.System), share);
        var start = Stopwatch.GetTimestamp();
        while (!store.Cache.IsUsable && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            Thread.Sleep(1);
        }

        return store.Cache.IsUsable ? store : throw new InvalidOperationException("The cache heard nothing.");
    }

    private static IStore Shared(IStore shard, ShardCache cache, Func<IStore, ShardCache, IStore>? share) => share?.Invoke(shard, cache) ?? shard;

    public override async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await following;
        feed.Dispose();
        stop.Dispose();
        await base.DisposeAsync();
    }
}
