using StackExchange.Redis;

namespace Roster.Redis;

/// <summary>
/// Calls of Redis that nobody waits long for: each has a deadline, and stands behind a circuit breaker. That Redis is away, slow,
/// full or answers nonsense is no exception here, but an answer that is missing. Safe for concurrent use.
/// </summary>
public sealed class RedisCalls(RedisConnection connection, TimeProvider time)
{
    private const int Failures = 3;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private string? refusal;

    /// <summary>The connection.</summary>
    public RedisConnection Connection { get; } = connection;

    /// <summary>Keeps requests from a Redis that does not answer in time.</summary>
    public CircuitBreaker Breaker { get; } = new(Failures, Rest, time);

    /// <summary>What is wrong now, in a sentence; null when nothing is.</summary>
    public string? Trouble =>
        Connection.Database is null ? $"Redis ({Connection.Options.Address}) cannot be reached: requests go on without it."
        : Breaker.IsOpen ? $"Redis ({Connection.Options.Address}) does not answer within {Connection.Options.Deadline.TotalMilliseconds:0} ms: requests go on without it."
        : refusal is { } error ? $"Redis ({Connection.Options.Address}) refuses writes: {error}"
        : null;

    /// <summary>Asks for something that a request waits for.</summary>
    /// <param name="call">The call.</param>
    /// <returns>Its result; the default when there was none in time.</returns>
    public ValueTask<T?> TryAsync<T>(Func<IDatabase, Task<T>> call) => TryAsync(call, Connection.Options.Deadline);

    /// <summary>Writes something that no request waits for: a Redis that is full answers, and is no reason to stop reading from it.</summary>
    /// <returns>Its result; the default when there was none.</returns>
    public ValueTask<T?> TryWriteAsync<T>(Func<IDatabase, Task<T>> call) => TryWriteAsync(call, Connection.Options.Deadline * 4);

    /// <summary>Writes something, with a deadline of its own.</summary>
    /// <returns>Its result; the default when there was none.</returns>
    public async ValueTask<T?> TryWriteAsync<T>(Func<IDatabase, Task<T>> call, TimeSpan deadline)
    {
        var result = await TryAsync(
            async database =>
            {
                try
                {
                    var written = await call(database);
                    refusal = null;
                    return written;
                }
                catch (RedisServerException e)
                {
                    // Its first words say what: OOM, READONLY, NOAUTH. The rest may quote what was sent.
                    refusal = e.Message.Split(['\'', '.', '(']) is [var first, ..] ? $"{first.Trim()}." : "an error.";
                    return default!;
                }
            },
            deadline);
        return result;
    }

    /// <summary>What Redis says about its memory; null when it gave no answer.</summary>
    public async ValueTask<RedisMemory?> MemoryAsync() =>
        (string?)await TryAsync(database => database.ExecuteAsync("INFO")) is { } info ? RedisMemory.Of(info) : null;

    private async ValueTask<T?> TryAsync<T>(Func<IDatabase, Task<T>> call, TimeSpan deadline)
    {
        if (Connection.Database is not { } database || !Breaker.MayPass())
        {
            return default;
        }

        try
        {
            var result = await call(database).WaitAsync(deadline, time);
            Breaker.Succeed();
            return result;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            Breaker.Fail();
            return default;
        }
    }
}
