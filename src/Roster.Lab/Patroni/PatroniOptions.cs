namespace Roster.Lab.Patroni;

/// <summary>How the members of one Patroni cluster behave (Patroni's manual, "Dynamic Configuration Settings").</summary>
public sealed record PatroniOptions
{
    /// <summary>For how long a leader that says nothing is believed to lead: the outage when a whole machine dies.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two looks of a member at itself and the others.</summary>
    public TimeSpan LoopWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long etcd is asked again before a leader gives up.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a commit waits for a replica. Without it a failover loses what was acknowledged last.</summary>
    public bool Synchronous { get; init; } = true;
}
