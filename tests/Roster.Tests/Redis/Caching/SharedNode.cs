using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Roster.Lab;
using Roster.Redis;
using Roster.Redis.Caching;
using Roster.Storage.Conformance.Building;
using Roster.Tests.Storage.Caching;

namespace Roster.Tests.Redis.Caching;

/// <summary>
/// A node that shares rows with others: its memory keeps none, so every read goes to Redis; what the outbox says is told by hand.
/// </summary>
internal sealed class SharedNode : IAsyncDisposable
{
    private readonly RedisConnection connection;
    private readonly Invalidations invalidations;
    private OutboxCursor heard;

    private SharedNode(IStore behind, RedisServer redis, SharedCacheOptions options, TimeProvider time, CacheOptions memory, TimeSpan deadline)
    {
        connection = RedisConnection.Open(RedisOptions.Parse(redis.Configuration + ",allowAdmin=true") with { Deadline = deadline }, TimeProvider.System);
        Calls = new RedisCalls(connection, TimeProvider.System);
        Behind = new PausedReads(behind);
        Cache = new ShardCache(ShardId.Control, memory, time);
        Shared = new SharedStore(Behind, Cache, Calls, options, SuiteEncoders.All, TimeProvider.System);
        Users = new SharedUsers(ShardId.Control, Calls, options);

        // Told by hand, and not when it likes.
        invalidations = new Invalidations(Users, options, TimeProvider.System);
        Cache.Told = invalidations.Add;
        Store = new CachingStore(Shared, Cache, SuiteEncoders.All);
    }

    public RedisCalls Calls { get; }

    public PausedReads Behind { get; }

    public ShardCache Cache { get; }

    public SharedStore Shared { get; }

    public SharedUsers Users { get; }

    public CachingStore Store { get; }

    public static async Task<SharedNode> StartAsync(IStore behind, RedisServer redis, SharedCacheOptions options, TimeProvider time, CacheOptions? memory = null, TimeSpan? deadline = null)
    {
        var node = new SharedNode(behind, redis, options, time, memory ?? new CacheOptions { MaxBytes = 0 }, deadline ?? TimeSpan.FromSeconds(5));
        await node.connection.IsReadyAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        node.heard = await behind.OutboxHeadAsync(ShardId.Control, CancellationToken.None);
        await node.HearAsync();
        return node;
    }

    /// <summary>Hears the outbox, and tells Redis.</summary>
    public async Task HearAsync()
    {
        await HearAloneAsync();
        await invalidations.TellAsync();
    }

    /// <summary>Hears the outbox, and does not come to tell Redis.</summary>
    public async Task HearAloneAsync()
    {
        var page = await Behind.OutboxAsync(ShardId.Control, heard, 500, CancellationToken.None);
        Cache.Hear(page, TimeProvider.System.GetTimestamp());
        heard = page.Next;
    }

    public async ValueTask DisposeAsync()
    {
        // The store behind is everybody's.
        await Shared.StopAsync();
        await connection.DisposeAsync();
    }
}
