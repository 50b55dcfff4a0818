namespace Roster.Core.RateLimits;

/// <summary>What each caller may ask for.</summary>
/// <param name="PerSecond">Requests a second, in the long run; at least 1.</param>
/// <param name="Burst">Requests at once, after a pause; at least 1.</param>
public sealed record RateLimitOptions(int PerSecond, int Burst)
{
    /// <summary>In how many seconds an empty budget is full again, rounded up.</summary>
    public int WindowSeconds => Math.Max(1, (Burst + PerSecond - 1) / PerSecond);

    /// <summary>
    /// How many requests a node takes from the shared budget at once: a tenth of what can be had at once or within a second, whichever
    /// is less. So a node can hold back a tenth at most, and asks Redis some ten times a second for a caller, however many requests come.
    /// </summary>
    public int Block => Math.Max(1, Math.Min(PerSecond, Burst) / 10);
}
