using StackExchange.Redis;

namespace Roster.Redis;

/// <summary>
/// The one connection of a process to Redis: made in the background, and made anew for as long as it takes. Nobody waits for it:
/// whoever finds none goes on without. Safe for concurrent use.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly Task<ConnectionMultiplexer?> connecting;

    private RedisConnection(RedisOptions options, TimeProvider time)
    {
        Options = options;
        connecting = ConnectAsync(time);
    }

    /// <summary>Where it leads.</summary>
    public RedisOptions Options { get; }

    /// <summary>Commands for Redis; null while it is away.</summary>
    public IDatabase? Database => Connected?.GetDatabase();

    /// <summary>Sends a message, if it can be sent now; who misses it is told otherwise.</summary>
    public void Publish(RedisChannel channel, ReadOnlyMemory<byte> message)
    {
        if (Connected is { } redis)
        {
            try
            {
                redis.GetSubscriber().Publish(channel, message, CommandFlags.FireAndForget);
            }
            catch (RedisException)
            {
                // The connection has just gone.
            }
        }
    }

    /// <summary>Hears messages from the time when Redis is there; a new connection takes them up again.</summary>
    public async Task SubscribeAsync(RedisChannel channel, Action<ReadOnlyMemory<byte>> hear, TimeProvider time, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (Connected is { } redis)
                {
                    await redis.GetSubscriber().SubscribeAsync(channel, (_, message) => hear((byte[]?)message));
                    return;
                }
            }
            catch (RedisException)
            {
                // Again below.
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private ConnectionMultiplexer? Connected => connecting is { IsCompletedSuccessfully: true, Result: { IsConnected: true } redis } ? redis : null;

    /// <summary>Begins to connect.</summary>
    public static RedisConnection Open(RedisOptions options, TimeProvider time) => new(options, time);

    /// <summary>Waits until the first attempt has ended; true when Redis answers.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<bool> IsReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            await connecting.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return Connected is not null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (await connecting is { } redis)
        {
            await redis.DisposeAsync();
        }

        stop.Dispose();
    }

    /// <summary>Null only at the end. A server that is away is no failure here: the library goes on trying by itself.</summary>
    private async Task<ConnectionMultiplexer?> ConnectAsync(TimeProvider time)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(Options.Configuration);
            }
            catch (RedisException)
            {
                // A name that is not known yet, for one.
                await Task.Delay(Pause, time, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        return null;
    }
}
