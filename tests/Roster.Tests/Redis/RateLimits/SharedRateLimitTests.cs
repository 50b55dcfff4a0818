using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Roster.Core.RateLimits;
using Roster.Lab;
using Roster.Redis;
using Roster.Redis.RateLimits;
using StackExchange.Redis;
using Xunit;

namespace Roster.Tests.Redis.RateLimits;

public sealed class SharedRateLimitTests
{
    private static readonly RateLimitOptions Limit = new(PerSecond: 200, Burst: 100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_nodes_together_let_through_what_one_may_and_ask_Redis_once_a_block()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        SharedRateLimit[] nodes = [.. Enumerable.Range(0, 3).Select(_ => new SharedRateLimit(Calls(redis), Limit, TimeProvider.System))];
        var before = await CallsAsync(redis);
        var start = Stopwatch.GetTimestamp();
        var asked = 0;
        var passed = 0;
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2))
        {
            for (var i = 0; i < 30; i++)
            {
                asked++;
                passed += (await nodes[asked % nodes.Length].TakeAsync(RateKey.Of("key:ada"), Cancellation)).IsAllowed ? 1 : 0;
            }

            await Task.Delay(5, Cancellation);
        }

        var most = Limit.Burst + (Limit.PerSecond * Stopwatch.GetElapsedTime(start).TotalSeconds);
        Assert.InRange(passed, most / 2, most);
        Assert.True(asked > 2 * passed, $"{asked} asked for, {passed} passed: too few to be refused.");

        // A block is ten, or what is left of one; of those refused, the one that finds the budget empty asks, and the rest know.
        Assert.InRange(await CallsAsync(redis) - before, 1, 400);
    }

    [Fact]
    public async Task Requests_that_wait_for_a_block_share_one_call()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        var node = new SharedRateLimit(Calls(redis), Limit, TimeProvider.System);
        await node.TakeAsync(RateKey.Of("key:first"), Cancellation);
        var before = await CallsAsync(redis);
        var verdicts = await Task.WhenAll(Enumerable.Range(0, Limit.Block).Select(async _ => await node.TakeAsync(RateKey.Of("key:ada"), Cancellation)));
        Assert.All(verdicts, verdict => Assert.True(verdict.IsAllowed));
        Assert.Equal(1, await CallsAsync(redis) - before);
    }

    [Fact]
    public async Task What_a_node_does_not_use_of_a_block_it_gives_back_for_others()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        var limit = new RateLimitOptions(PerSecond: 100, Burst: 100);
        var clock = new FakeTimeProvider();
        SharedRateLimit[] nodes = [.. Enumerable.Range(0, 10).Select(_ => new SharedRateLimit(Calls(redis), limit, clock))];

        // All that there is lies on ten nodes after the first round; Redis's own clock hardly moves.
        for (var round = 0; round < 6; round++)
        {
            foreach (var node in nodes)
            {
                Assert.True((await node.TakeAsync(RateKey.Of("key:ada"), Cancellation)).IsAllowed, $"Refused in round {round}, after {round * nodes.Length} requests of 100.");
            }

            clock.Advance(TimeSpan.FromSeconds(1.1));
        }
    }

    [Fact]
    public async Task What_comes_back_after_the_budget_was_full_is_not_beyond_the_limit()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        var limit = new RateLimitOptions(PerSecond: 100, Burst: 100);
        var clock = new FakeTimeProvider();
        var (late, other) = (new SharedRateLimit(Calls(redis), limit, clock), new SharedRateLimit(Calls(redis), limit, clock));
        var key = RateKey.Of("key:ada");
        Assert.True((await late.TakeAsync(key, Cancellation)).IsAllowed);
        await Task.Delay(TimeSpan.FromSeconds(0.2), Cancellation);
        clock.Advance(TimeSpan.FromSeconds(1.1));
        var start = Stopwatch.GetTimestamp();
        var passed = await PassedAsync(other, key) + await PassedAsync(late, key);
        Assert.InRange(passed, limit.Burst, limit.Burst + (limit.PerSecond * Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    [Fact]
    public async Task While_Redis_is_away_each_node_limits_by_itself_and_waits_for_nothing()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        var node = new SharedRateLimit(Calls(redis), Limit, TimeProvider.System);
        Assert.True((await node.TakeAsync(RateKey.Of("key:ada"), Cancellation)).IsAllowed);
        await server.KillAsync();
        var start = Stopwatch.GetTimestamp();
        var passed = 0;
        for (var i = 0; i < 1_000; i++)
        {
            passed += (await node.TakeAsync(RateKey.Of("key:bob"), Cancellation)).IsAllowed ? 1 : 0;
        }

        var took = Stopwatch.GetElapsedTime(start);
        Assert.InRange(passed, Limit.Burst, Limit.Burst + (Limit.PerSecond * took.TotalSeconds) + 1);
        Assert.True(took < TimeSpan.FromSeconds(2), $"A thousand requests waited {took} for a Redis that is not there.");

        await server.StartAgainAsync();
        for (var since = Stopwatch.GetTimestamp(); redis.Database is null; await Task.Delay(10, Cancellation))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Patience);
        }

        await Task.Delay(TimeSpan.FromSeconds(1.2), Cancellation);
        var before = await CallsAsync(redis);
        Assert.True((await node.TakeAsync(RateKey.Of("key:eve"), Cancellation)).IsAllowed);
        Assert.InRange(await CallsAsync(redis) - before, 1, 2);
    }

    [Fact]
    public async Task Redis_learns_no_name_and_forgets_a_budget_that_is_full()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ReadyAsync(server);
        await new SharedRateLimit(Calls(redis), Limit, TimeProvider.System).TakeAsync(RateKey.Of("jwt:ada@example.com"), Cancellation);
        var keys = ((RedisResult[])(await redis.Database!.ExecuteAsync("KEYS", "*"))!).Select(key => (string)key!).ToList();
        Assert.StartsWith("roster:rate:200:100:", Assert.Single(keys), StringComparison.Ordinal);
        Assert.DoesNotContain("ada", keys[0], StringComparison.Ordinal);
        Assert.InRange((await redis.Database!.KeyTimeToLiveAsync(keys[0]))!.Value.TotalSeconds, 0.1, 3);
    }

    private static RedisCalls Calls(RedisConnection redis) => new(redis, TimeProvider.System);

    /// <summary>How many are let through until one is not.</summary>
    private static async Task<int> PassedAsync(SharedRateLimit node, RateKey key)
    {
        for (var passed = 0; ; passed++)
        {
            if (!(await node.TakeAsync(key, Cancellation)).IsAllowed)
            {
                return passed;
            }
        }
    }

    private static async Task<RedisConnection> ReadyAsync(RedisServer server)
    {
        // The machine may be busy: a block that comes late is none, and counts for what these tests say.
        var redis = RedisConnection.Open(RedisOptions.Parse(server.Configuration) with { Deadline = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        Assert.True(await redis.IsReadyAsync(Patience, Cancellation));
        return redis;
    }

    private static async Task<long> CallsAsync(RedisConnection redis)
    {
        var told = (string)(await redis.Database!.ExecuteAsync("INFO", "commandstats"))!;
        return told.Split('\n').Where(line => line.StartsWith("cmdstat_eval", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0]));
    }
}
