using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>
/// A change on its way over several shards, standing on the row of its user until all of them agree. While it stands no
/// other change of the user commits, and whoever meets it can bring it to its end: it holds all that is needed. It is
/// no event and no part of the user's state.
/// </summary>
public sealed record Intent
{
    /// <summary>Unique.</summary>
    public required Guid Id { get; init; }

    /// <summary>Higher than that of every intent the user had before: late steps of older ones change nothing.</summary>
    public required long Fence { get; init; }

    /// <summary>Claims in other shards that the change takes and gives back.</summary>
    public required IReadOnlyList<ClaimWrite> Elsewhere { get; init; }

    /// <summary>What is to be committed once all claims are reserved; null when it was, and only they are left to settle.</summary>
    public PendingChange? Pending { get; init; }
}

/// <summary>The part of an intent's change that commits in the user's own shard. The new state is not kept: it is the
/// fold of these events over the row, which the intent keeps as it is.</summary>
public sealed record PendingChange
{
    /// <summary>The sequence that the events go on from.</summary>
    public required long ExpectedSequence { get; init; }

    /// <summary>The events.</summary>
    public required IReadOnlyList<RecordedEvent> Events { get; init; }

    /// <summary>Claims in the user's own shard.</summary>
    public required IReadOnlyList<ClaimWrite> Claims { get; init; }

    /// <summary>The record that lets a retry find the outcome.</summary>
    public IdempotencyRecord? Idempotency { get; init; }
}

/// <summary>What a row says of intents: the one that stands there, and the highest fence there was.</summary>
public readonly record struct Standing(long Fence, Intent? Intent);

/// <summary>Who has an e-mail, and by which intent when it is only reserved: then it may never become the user's.</summary>
public readonly record struct Claim(UserId User, Guid? Intent);

/// <summary>One step of an intent at an e-mail's claim, in the e-mail's shard.</summary>
/// <param name="Key">The claim.</param>
/// <param name="Intent">Whose step.</param>
/// <param name="Fence">The intent's.</param>
/// <param name="Step">What to do.</param>
public readonly record struct Reservation(ClaimKey Key, Guid Intent, long Fence, ReservationStep Step);

/// <summary>Steps of an intent at a claim; each may be repeated, and may come late.</summary>
public enum ReservationStep
{
    /// <summary>Take the e-mail for the user, until confirmed or withdrawn; refused when it is another user's. A claim of
    /// the user with the same fence or a higher one stays as it is.</summary>
    Reserve,

    /// <summary>The intent committed: what it reserved is a claim like any other.</summary>
    Confirm,

    /// <summary>The intent was given up: what it reserved is free.</summary>
    Withdraw,

    /// <summary>The intent committed: a claim of the user with a lower fence is free.</summary>
    Release,
}

/// <summary>An intent that stands on a row, or an e-mail that one reserved, in a shard.</summary>
/// <param name="User">Whose.</param>
/// <param name="Intent">Which.</param>
/// <param name="Reserved">The reserved e-mail; null for an intent that stands.</param>
public readonly record struct Unsettled(UserId User, Guid Intent, ClaimKey? Reserved)
{
    /// <summary>Whatever intent stands on a user's row.</summary>
    public static Unsettled AnyOf(UserId user) => new(user, default, null);
}
