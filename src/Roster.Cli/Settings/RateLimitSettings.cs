using Roster.Core.RateLimits;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:RateLimit</c>: what each caller may ask for.</summary>
internal static class RateLimitSettings
{
    private const int Most = 100_000;

    /// <summary>Reads and checks it.</summary>
    /// <returns>Null when there is no limit.</returns>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static RateLimitOptions? Read(SettingsReader reader)
    {
        var perSecond = reader.Number("RateLimit:PerSecond", 0, 1, Most);
        var burst = reader.Number("RateLimit:Burst", Math.Min(2 * perSecond, Most), 1, Most);
        return perSecond > 0 ? new RateLimitOptions(perSecond, burst)
            : burst > 0 ? throw new SettingsException("Roster:RateLimit:Burst is set without Roster:RateLimit:PerSecond: write how many requests a second each key may make.")
            : null;
    }
}
