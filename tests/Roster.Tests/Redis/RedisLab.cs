using Roster.Lab;
using Roster.Redis;
using Roster.Tests.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(RedisLab))]

namespace Roster.Tests.Redis;

/// <summary>One Redis for all tests that do not break it; each uses a namespace of its own.</summary>
public sealed class RedisLab : IAsyncDisposable
{
    private readonly Lock gate = new();
    private RedisConnection? connection;
    private readonly Lazy<Task<RedisServer>> server = new(() => RedisServer.StartAsync());

    /// <summary>The server, started by the first test that wants it.</summary>
    public Task<RedisServer> ServerAsync() => server.Value;

    /// <summary>A connection to it, for all.</summary>
    public async Task<RedisCalls> CallsAsync()
    {
        var running = await ServerAsync();
        lock (gate)
        {
            connection ??= RedisConnection.Open(RedisOptions.Parse(running.Configuration) with { Deadline = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        }

        Assert.True(await connection.IsReadyAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
        return new RedisCalls(connection, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
