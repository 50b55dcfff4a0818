namespace Roster.Core.RateLimits;

/// <summary>Counts requests of callers. Safe for concurrent use.</summary>
public interface IRateLimit
{
    /// <summary>Counts one request; one that is refused costs nothing.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="cancellation">Stops waiting for what nodes share.</param>
    ValueTask<RateVerdict> TakeAsync(RateKey key, CancellationToken cancellation);
}
