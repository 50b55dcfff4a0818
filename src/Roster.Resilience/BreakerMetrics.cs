using System.Diagnostics.Metrics;
using Roster.Core.Ids;

namespace Roster.Resilience;

/// <summary>What breakers tell about themselves.</summary>
internal sealed class BreakerMetrics(ShardId shard, string kind)
{
    private static readonly Meter Meter = new("Roster");

    private static readonly UpDownCounter<int> Open =
        Meter.CreateUpDownCounter<int>("roster.shard.breakers_open", "{breaker}", "Circuit breakers that are open, by shard and kind of call: commits, reads, reads that carry a token");

    private static readonly Counter<int> Openings =
        Meter.CreateCounter<int>("roster.shard.breaker_openings", "{opening}", "Times that a circuit breaker opened");

    private readonly KeyValuePair<string, object?> ofShard = new("shard", shard.Value);
    private readonly KeyValuePair<string, object?> ofKind = new("kind", kind);
    private int isOpen;

    /// <summary>It opened; also when the call that tried has failed.</summary>
    public ValueTask OpenedAsync()
    {
        Openings.Add(1, ofShard, ofKind);
        if (Interlocked.Exchange(ref isOpen, 1) == 0)
        {
            Open.Add(1, ofShard, ofKind);
        }

        return default;
    }

    /// <summary>It closed.</summary>
    public ValueTask ClosedAsync()
    {
        if (Interlocked.Exchange(ref isOpen, 0) == 1)
        {
            Open.Add(-1, ofShard, ofKind);
        }

        return default;
    }
}
