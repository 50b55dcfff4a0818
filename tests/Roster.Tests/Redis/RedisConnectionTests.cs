using System.Diagnostics;
using Roster.Lab;
using Roster.Redis;
using Xunit;

namespace Roster.Tests.Redis;

public sealed class RedisConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_there_again_after_its_server_was_killed()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = RedisConnection.Open(RedisOptions.Parse(server.Configuration), TimeProvider.System);
        Assert.True(await redis.IsReadyAsync(Patience, Cancellation));
        await redis.Database!.StringSetAsync("key", "value");
        await server.KillAsync();
        await UntilAsync(() => redis.Database is null);
        await server.StartAgainAsync();
        await UntilAsync(() => redis.Database is not null);
        Assert.True((await redis.Database!.StringGetAsync("key")).IsNull);
    }

    [Fact]
    public async Task A_server_that_is_away_holds_nobody_up()
    {
        var start = Stopwatch.GetTimestamp();
        await using var redis = RedisConnection.Open(RedisOptions.Parse($"127.0.0.1:{LoopbackPorts.Free()}"), TimeProvider.System);
        Assert.Null(redis.Database);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(500));
        Assert.False(await redis.IsReadyAsync(Patience, Cancellation));
    }

    [Fact]
    public void Neither_an_address_nor_a_refusal_holds_the_password()
    {
        Assert.Equal("redis:6379,127.0.0.1:7000", RedisOptions.Parse("redis:6379,127.0.0.1:7000,password=secret").Address);
        var refusal = Assert.Throws<ArgumentException>(() => RedisOptions.Parse("redis:6379,passwort=secret"));
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RedisOptions.Parse("password=secret"));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var start = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(10, Cancellation))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
        }
    }
}
