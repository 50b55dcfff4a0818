namespace Roster.Resilience;

/// <summary>When a shard is no longer waited for, and when it is no longer asked.</summary>
public sealed record GuardOptions
{
    /// <summary>How long a read may take, waiting for a leader included. Commits have the engine's own deadline: nothing may cancel one.</summary>
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Over how long failures are counted.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Calls in the window before a breaker may open.</summary>
    public int LeastCalls { get; init; } = 4;

    /// <summary>The share of failures at which it opens.</summary>
    public double FailureShare { get; init; } = 0.9;

    /// <summary>How long it stays open; then one call tries.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads that are not batched, under way to the shard at a time; further ones wait, or are refused.</summary>
    public int Places { get; init; } = 16;

    /// <summary>How long such a read may wait, by what the last ones took.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(300);
}
