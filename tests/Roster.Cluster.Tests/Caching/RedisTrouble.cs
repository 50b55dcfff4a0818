using Roster.Lab;
using StackExchange.Redis;

namespace Roster.Cluster.Tests.Caching;

/// <summary>Cuts connections to a Redis at random moments, and now and then lets it hang or flushes it.</summary>
internal sealed class RedisTrouble(RedisServer server, int seed)
{
    private readonly Random random = new(seed);
    private int cuts;
    private int hangs;
    private int flushes;

    public override string ToString() => $"{cuts} times all connections to Redis were cut (`CLIENT KILL`), {hangs} times it hung (SIGSTOP, up to 800 ms), {flushes} times it was flushed";

    public async Task MakeAsync(CancellationToken end)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true,abortConnect=false");
        var database = redis.GetDatabase();
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(random.Next(50, 600), CancellationToken.None);
            try
            {
                switch (random.Next(10))
                {
                    case 0:
                        hangs++;
                        server.Pause();
                        await Task.Delay(random.Next(50, 800), CancellationToken.None);
                        server.Resume();
                        break;
                    case 1:
                        flushes++;
                        await database.ExecuteAsync("FLUSHALL");
                        break;
                    default:
                        cuts++;
                        await database.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
                        await database.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                        break;
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // Its own connection was cut.
            }
        }
    }
}
