using System.Diagnostics.Metrics;

namespace Roster.Redis.Caching;

/// <summary>What shared rows and their Redis tell about themselves, for as long as this is not disposed.</summary>
public sealed class SharedCacheMetrics : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly Meter meter = new("Roster");
    private readonly CancellationTokenSource stop = new();
    private readonly RedisCalls calls;
    private readonly Task asking;
    private RedisMemory? memory;

    /// <summary>Tells about the shared rows of some shards in one Redis.</summary>
    public SharedCacheMetrics(RedisCalls calls, IReadOnlyList<SharedStore> shards, TimeProvider time)
    {
        this.calls = calls;
        Count("roster.shared_cache.hits", "Users served from Redis", counts => counts.Hits);
        Count("roster.shared_cache.misses", "Users that Redis did not have", counts => counts.Misses);
        Count("roster.shared_cache.refused", "Users that Redis had, but not as new as the request or what this node has heard", counts => counts.Refused);
        Count("roster.shared_cache.unanswered", "Users asked for that Redis gave no answer for in time", counts => counts.Unanswered);
        Count("roster.shared_cache.filled", "Users put into Redis by this node", counts => counts.Filled);
        meter.CreateObservableGauge("roster.redis.connected", () => calls.Connection.Database is null ? 0 : 1, unit: null, "1 while Redis can be reached");
        meter.CreateObservableGauge("roster.redis.breaker_open", () => calls.Breaker.IsOpen ? 1 : 0, unit: null, "1 while requests go past Redis because it does not answer in time");
        meter.CreateObservableCounter("roster.redis.breaker_opened", () => calls.Breaker.Opened, unit: null, "How often that began");
        meter.CreateObservableGauge("roster.redis.used_bytes", () => memory?.UsedBytes ?? 0, "By", "Memory that Redis uses, as it says");
        meter.CreateObservableCounter("roster.redis.evicted", () => memory?.Evicted ?? 0, "{key}", "Keys that Redis has evicted, as it says");
        asking = AskAsync(time);

        void Count(string name, string what, Func<SharedCounts, long> of) => meter.CreateObservableCounter(
            name,
            () => shards.Select(shard => new Measurement<long>(of(shard.Counts), new KeyValuePair<string, object?>("shard", shard.Shards[0].Value))),
            "{row}",
            what);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asking;
        stop.Dispose();
        meter.Dispose();
    }

    private async Task AskAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                memory = await calls.MemoryAsync() ?? memory;
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
