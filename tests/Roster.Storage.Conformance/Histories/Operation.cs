namespace Roster.Storage.Conformance.Histories;

/// <summary>What an operation did.</summary>
public enum OperationKind
{
    /// <summary>Changed a user.</summary>
    Write,

    /// <summary>Read a user's latest state.</summary>
    Read,
}

/// <summary>What its client knows about how it ended.</summary>
public enum OperationOutcome
{
    /// <summary>Acknowledged.</summary>
    Done,

    /// <summary>Refused: it must never have any effect.</summary>
    Refused,

    /// <summary>No answer, or one that leaves it open: it may have happened, once, even after the answer.</summary>
    Unknown,
}

/// <summary>
/// One operation on one user as its client saw it; a line of a JSONL log. Invoked and answered come from one clock
/// that all clients share (a counter in one process; a monotonic clock on one machine), so that
/// "A was answered before B was invoked" is certain.
/// </summary>
public sealed record Operation
{
    /// <summary>The user.</summary>
    public required string User { get; init; }

    /// <summary>Read or write.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationOutcome Outcome { get; init; }

    /// <summary>When it was sent.</summary>
    public required long Invoked { get; init; }

    /// <summary>When its answer had arrived.</summary>
    public required long Answered { get; init; }

    /// <summary>The version a write led to or a read found; 0 when a read found nobody. Grows with every write of a user; gaps are fine.</summary>
    public long Version { get; init; }

    /// <summary>What makes a write recognisable: unique for each attempt, and part of the state until the next write. A read's is the one it found.</summary>
    public string? Tag { get; init; }

    /// <summary>The e-mail a write takes, in its normal form.</summary>
    public string? Takes { get; init; }

    /// <summary>The e-mail a write gives back.</summary>
    public string? Releases { get; init; }
}

/// <summary>A write as the store's own history has it in the end.</summary>
/// <param name="User">The user.</param>
/// <param name="Version">The version it led to.</param>
/// <param name="Tag">Its tag.</param>
public sealed record FinalWrite(string User, long Version, string Tag);

/// <summary>Who owns an e-mail in the end, by the users' own states.</summary>
public sealed record FinalOwner(string Email, string User);
