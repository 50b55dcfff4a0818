namespace Roster.Lab.Histories;

/// <summary>A counter that all clients of a history share: every tick is a moment of its own.</summary>
public sealed class LogicalClock
{
    private long now;

    /// <summary>The next moment.</summary>
    public long Tick() => Interlocked.Increment(ref now);
}
