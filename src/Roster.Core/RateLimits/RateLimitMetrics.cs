using System.Diagnostics.Metrics;

namespace Roster.Core.RateLimits;

/// <summary>What rate limits tell about themselves.</summary>
public static class RateLimitMetrics
{
    private static readonly Meter Meter = new("Roster");

    private static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("roster.ratelimit.refused", "{request}", "Requests refused because their caller had too many");

    private static readonly Counter<long> Blocks =
        Meter.CreateCounter<long>("roster.ratelimit.blocks", "{block}", "Blocks of requests asked of Redis, by what came of it: granted, empty, away");

    /// <summary>A request was refused.</summary>
    public static void WasRefused() => Refused.Add(1);

    /// <summary>Redis was asked for a block.</summary>
    /// <param name="outcome"><c>granted</c>, <c>empty</c> or <c>away</c>.</param>
    public static void AskedForBlock(string outcome) => Blocks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
