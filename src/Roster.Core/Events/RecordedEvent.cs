using Roster.Core.Ids;

namespace Roster.Core.Events;

/// <summary>An event as it is kept for ever in its user's stream.</summary>
public sealed record RecordedEvent
{
    /// <summary>Unique; carries the user's bucket.</summary>
    public required Guid Id { get; init; }

    /// <summary>The user whose stream this is.</summary>
    public required UserId User { get; init; }

    /// <summary>1, 2, 3 … per user, over profile and posts together; it orders the stream.</summary>
    public required long Sequence { get; init; }

    /// <summary>The version of the resource (user or post) that the event led to.</summary>
    public required long Version { get; init; }

    /// <summary>When it was decided: microseconds; equal for the events of one change, increasing from change to change.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who did it: <c>key:&lt;id&gt;</c>, <c>jwt:&lt;sub&gt;</c>, <c>anonymous</c> or <c>system</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>What happened.</summary>
    public required DomainEvent What { get; init; }
}
