using Roster.Core.RateLimits;

namespace Roster.Redis.RateLimits;

/// <summary>
/// One budget of a caller for all nodes, in Redis. A node takes a block of it at once and lets requests through from that: Redis is
/// asked once a block, never for every request, nor for those that are refused. What a node does not use within a second it gives
/// back when it asks next. While Redis is away each node counts for itself with the whole limit: it protects the
/// service, and an outage of Redis must not refuse anybody (docs/adr/0028).
/// </summary>
public sealed class SharedRateLimit : IRateLimit
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(1);

    private readonly CallerTable<Lease> leases;
    private readonly LocalRateLimit local;
    private readonly SharedBudgets budgets;
    private readonly TimeProvider time;
    private readonly TimeSpan growth;

    /// <summary>Nothing is held yet.</summary>
    /// <param name="calls">What nodes share.</param>
    /// <param name="options">What each caller may, on all nodes together.</param>
    /// <param name="time">The node's clock.</param>
    /// <param name="capacity">Callers in memory at most; further ones are counted by this node alone.</param>
    public SharedRateLimit(RedisCalls calls, RateLimitOptions options, TimeProvider time, int capacity = 100_000)
    {
        this.time = time;
        growth = TimeSpan.FromSeconds((options.Block - 1) / (double)options.PerSecond);
        leases = new(capacity, static (lease, now) => lease.IsIdle(now), time);
        local = new LocalRateLimit(options, time, capacity);
        budgets = new SharedBudgets(calls, options);
    }

    /// <inheritdoc/>
    public ValueTask<RateVerdict> TakeAsync(RateKey key, CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        if (leases.Find(key, now) is not { } lease)
        {
            return new(local.Take(key));
        }

        return lease.Take(now, time) is { } verdict ? new(verdict) : AskAsync(key, lease, cancellation);
    }

    private async ValueTask<RateVerdict> AskAsync(RateKey key, Lease lease, CancellationToken cancellation)
    {
        while (await lease.AskAsync(() => FillAsync(key, lease)).WaitAsync(cancellation))
        {
            if (lease.Take(time.GetTimestamp(), time) is { } verdict)
            {
                return verdict;
            }
        }

        return local.Take(key);
    }

    /// <summary>Asks on behalf of all that wait: none of them may cancel it.</summary>
    private async Task<bool> FillAsync(RateKey key, Lease lease)
    {
        var grant = await budgets.TakeAsync(key, lease.Surrender());
        var now = time.GetTimestamp();
        if (grant is not { } granted)
        {
            RateLimitMetrics.AskedForBlock("away");
            return false;
        }

        RateLimitMetrics.AskedForBlock(granted.Tokens > 0 ? "granted" : "empty");

        // An empty budget is asked again when a whole block may have grown: nothing is lost meanwhile, and a call is saved for each token.
        lease.Fill(granted, now + Ticks(LeaseTime), now + Ticks(granted.Wait + growth));
        return true;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
