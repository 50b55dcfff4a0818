using Roster.Core.Events.Publishing;
using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>An event that a consumer could not handle, or one that waits for such an event of the same user.</summary>
public sealed record ParkedEvent
{
    /// <summary>Who could not.</summary>
    public required string Consumer { get; init; }

    /// <summary>The event itself, so that nothing else is needed to try again.</summary>
    public required EventMessage Event { get; init; }

    /// <summary>Why, in a sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Attempts that failed; 0 while it waits for another event.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it was parked.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it is tried again by itself; null: a person has to say so, or the user's event before has to end.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}

/// <summary>A page of parked events.</summary>
public sealed record ParkedQuery
{
    /// <summary>Only this consumer's.</summary>
    public string? Consumer { get; init; }

    /// <summary>Only this user's; with a consumer.</summary>
    public UserId? User { get; init; }

    /// <summary>Only those after this one: the last of the page before.</summary>
    public ParkedKey? After { get; init; }

    /// <summary>At most so many.</summary>
    public required int Limit { get; init; }
}

/// <summary>A parked event's place in the list.</summary>
public readonly record struct ParkedKey(string Consumer, UserId User, long Sequence);
