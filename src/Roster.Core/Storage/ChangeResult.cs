namespace Roster.Core.Storage;

/// <summary>
/// How one change of a batch ended. When several reasons hold, the first in this order is given:
/// <see cref="KeyUsed"/>, <see cref="Stale"/>, <see cref="EmailTaken"/>.
/// </summary>
public enum ChangeOutcome
{
    /// <summary>All of it is durable.</summary>
    Committed,

    /// <summary>Nothing was written: its idempotency record exists already; look it up.</summary>
    KeyUsed,

    /// <summary>Nothing was written: the user's sequence or intent is not the expected one.</summary>
    Stale,

    /// <summary>Nothing was written: an e-mail it takes is another user's.</summary>
    EmailTaken,
}

/// <summary>The outcome of one change, and a token that covers it (meaningful when committed).</summary>
public readonly record struct ChangeResult(ChangeOutcome Outcome, ConsistencyToken AsOf);
