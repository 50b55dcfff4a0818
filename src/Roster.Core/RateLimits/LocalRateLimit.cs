namespace Roster.Core.RateLimits;

/// <summary>
/// Each node for itself, in memory. The number of budgets is bounded: full ones are forgotten, which changes nothing, and when all that
/// fit are in use, callers that are new share <see cref="Shared"/> more of them.
/// </summary>
public sealed class LocalRateLimit : IRateLimit
{
    private const int Shared = 1_024;

    private readonly CallerTable<Budget> budgets;
    private readonly Budget[] shared = [.. Enumerable.Range(0, Shared).Select(_ => new Budget())];
    private readonly RateLimitOptions options;
    private readonly TimeProvider time;
    private readonly long interval;

    /// <summary>Nobody has asked for anything yet.</summary>
    /// <param name="options">What each may.</param>
    /// <param name="time">The clock.</param>
    /// <param name="capacity">Budgets in memory at most, some 150 bytes each.</param>
    public LocalRateLimit(RateLimitOptions options, TimeProvider time, int capacity = 100_000)
    {
        this.options = options;
        this.time = time;
        interval = (time.TimestampFrequency + options.PerSecond - 1) / options.PerSecond;
        budgets = new(capacity, static (budget, now) => budget.FullAt <= now, time);
    }

    /// <summary>Budgets in memory.</summary>
    public int Count => budgets.Count;

    /// <inheritdoc/>
    public ValueTask<RateVerdict> TakeAsync(RateKey key, CancellationToken cancellation) => new(Take(key));

    /// <summary>Counts one request, at once.</summary>
    public RateVerdict Take(RateKey key)
    {
        var now = time.GetTimestamp();
        var budget = budgets.Find(key, now) ?? shared[(key.GetHashCode() & int.MaxValue) % Shared];
        var left = budget.Take(now, interval, options.Burst, out var ticks);
        return new RateVerdict(left >= 0, (int)Math.Max(0, left), time.GetElapsedTime(0, ticks));
    }
}
