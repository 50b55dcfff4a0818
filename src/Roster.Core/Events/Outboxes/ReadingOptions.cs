namespace Roster.Core.Events.Outboxes;

/// <summary>How outboxes are read.</summary>
public sealed record ReadingOptions
{
    /// <summary>Names this process; nobody else may use the name at the same time.</summary>
    public required string Holder { get; init; }

    /// <summary>How long a lease lasts unless renewed, which is done at a third of it. Another process takes over that long after a death.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Events in a page, at most.</summary>
    public int Page { get; init; } = 1000;

    /// <summary>Pause after an empty page: how late an event may be noticed.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause after a page that was not full: events gather, so that a steady trickle does not cost a round trip each.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Positions are saved that often; what was delivered since comes again after a crash.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pauses after failures.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
}
