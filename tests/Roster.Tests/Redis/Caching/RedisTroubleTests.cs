using System.Diagnostics;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Lab;
using Roster.Redis.Caching;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Redis.Caching;

/// <summary>Redis is away, hangs, or is full: reads go on from the store, soon without waiting, and somebody says so.</summary>
public sealed class RedisTroubleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Changes changes = new();
    private readonly MemoryStore database = new(SuiteEncoders.All);
    private RedisServer redis = null!;
    private SharedNode node = null!;
    private int people;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.StartAsync();
        node = await SharedNode.StartAsync(database, redis, new SharedCacheOptions { Namespace = "n" }, TimeProvider.System, deadline: TimeSpan.FromMilliseconds(250));
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_left_alone_until_it_answers_again()
    {
        var ada = await SignUpAsync();
        redis.Pause();
        await UntilAsync(async () =>
        {
            await ReadAsync(ada);
            return node.Calls.Breaker.IsOpen;
        });
        Assert.Contains("does not answer", node.Calls.Trouble, StringComparison.Ordinal);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            await ReadAsync(ada);
        }

        // One of them may have tried, for a quarter of a second; a hundred that wait would take 25 s.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2.5), $"{Stopwatch.GetElapsedTime(start)}");
        redis.Resume();
        await UntilAsync(async () =>
        {
            await node.HearAsync();
            await ReadAsync(ada);
            return node.Calls.Trouble is null;
        });
    }

    [Fact]
    public async Task A_Redis_that_is_killed_costs_nothing_but_speed()
    {
        var ada = await SignUpAsync();
        await redis.KillAsync();
        await ReadAsync(ada);
        await UntilAsync(() => Task.FromResult(node.Calls.Trouble is not null));
        await ReadAsync(ada);
        await redis.StartAgainAsync();
        await UntilAsync(async () =>
        {
            await node.HearAsync();
            await ReadAsync(ada);
            return (await node.Users.GetAsync([ada.Id]))?[0] is not null;
        });
        Assert.Null(node.Calls.Trouble);
    }

    [Fact]
    public async Task A_Redis_that_is_full_is_read_from_and_says_that_it_takes_nothing_in()
    {
        var ada = await SignUpAsync();
        await node.HearAsync();
        await UntilAsync(async () =>
        {
            await ReadAsync(ada);
            return (await node.Users.GetAsync([ada.Id]))?[0] is not null;
        });
        await node.Calls.Connection.Database!.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        var bob = await SignUpAsync();
        await node.HearAsync();
        await ReadAsync(bob);
        await UntilAsync(() => Task.FromResult(node.Calls.Trouble?.Contains("OOM", StringComparison.Ordinal) == true));
        Assert.False(node.Calls.Breaker.IsOpen);
        var reads = node.Behind.Reads;
        await ReadAsync(ada);
        Assert.Equal(reads, node.Behind.Reads);

        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await node.HearAsync();
        Assert.Equal(2, (await node.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
        await node.Calls.Connection.Database!.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await UntilAsync(async () =>
        {
            await node.HearAsync();
            await ReadAsync(bob);
            return node.Calls.Trouble is null;
        });
    }

    private async Task<User> SignUpAsync()
    {
        var change = changes.Register("Somebody", $"somebody{++people}@example.com");
        await database.CommitAsync(change, default);
        return change.Next!;
    }

    private async Task ReadAsync(User user) => Assert.NotNull(await node.Store.UserAsync(user.Id, ConsistencyToken.None, default));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var start = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(5, TestContext.Current.CancellationToken))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
        }
    }
}
