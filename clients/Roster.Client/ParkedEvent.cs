namespace Roster.Client;

/// <summary>An event that a consumer could not handle, or one that waits for such an event of the same user.</summary>
public sealed record ParkedEvent
{
    public required string Consumer { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>The user's event counter.</summary>
    public required long Sequence { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Attempts that failed; 0 while it waits for another event.</summary>
    public required int Attempts { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>When it is tried again by itself; null when a person has to say so, or the user's event before has to end.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    public required Event Event { get; init; }
}

/// <summary>What to try again.</summary>
/// <param name="Consumer">Whose.</param>
/// <param name="UserId">Only this user's; null for everybody's.</param>
public sealed record ParkedRetry(string Consumer, Guid? UserId = null);

/// <summary>What is tried again.</summary>
/// <param name="Users">Users with parked events.</param>
public sealed record RetriedUsers(int Users);
