namespace Roster.Core.Events.Consuming;

/// <summary>How consumers work.</summary>
public sealed record ConsumerOptions
{
    /// <summary>Names this process; nobody else may use the name at the same time.</summary>
    public required string Holder { get; init; }

    /// <summary>How long the lease on trying parked events again lasts unless renewed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Users whose events are handled at the same time, at most.</summary>
    public int Parallelism { get; init; } = 32;

    /// <summary>Pauses before an event that failed is tried again.</summary>
    public BackOff Retries { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));

    /// <summary>Attempts at an event; after so many a person has to say that it is tried again. With the standard pauses that is after about half an hour.</summary>
    public int MaxAttempts { get; init; } = 12;

    /// <summary>Pauses while what the consumer needs is away.</summary>
    public BackOff Outage { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>Pauses while the store is away.</summary>
    public BackOff Store { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    /// <summary>How often parked events that are due are looked for.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a consumer knows of a user is believed that long; then it is read again before an effect, in case this process was paused and another has taken over.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What an effect that is under way gets to end when the consumer is stopped.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
