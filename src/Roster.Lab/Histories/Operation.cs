using System.Text.Json.Serialization;

namespace Roster.Lab.Histories;

/// <summary>What an operation did.</summary>
public enum OperationKind
{
    /// <summary>Changed a user.</summary>
    [JsonStringEnumMemberName("write")]
    Write,

    /// <summary>Read a user's latest state.</summary>
    [JsonStringEnumMemberName("read")]
    Read,
}

/// <summary>What its client knows about how it ended.</summary>
public enum OperationOutcome
{
    /// <summary>Acknowledged.</summary>
    [JsonStringEnumMemberName("ok")]
    Done,

    /// <summary>Refused: it must never have any effect.</summary>
    [JsonStringEnumMemberName("failed")]
    Refused,

    /// <summary>No answer, or one that leaves it open: it may have happened, once, even after the answer.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>
/// One operation on one user as its client saw it; a line of a JSONL log. Start and end come from one clock
/// that all clients share (a counter in one process; a monotonic clock on one machine), so that
/// "A was answered before B was invoked" is certain.
/// </summary>
public sealed record Operation : HistoryLine
{
    /// <summary>The client, for people.</summary>
    public string? Client { get; init; }

    /// <summary>The user; empty for a sign-up that was not answered.</summary>
    public required string User { get; init; }

    /// <summary>Read or write.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationOutcome Outcome { get; init; }

    /// <summary>When it was sent.</summary>
    [JsonPropertyName("start")]
    public required long Invoked { get; init; }

    /// <summary>When its answer had arrived.</summary>
    [JsonPropertyName("end")]
    public required long Answered { get; init; }

    /// <summary>The version a write led to or a read found; 0 when a read found nobody. Grows with every write of a user; gaps are fine.</summary>
    public long Version { get; init; }

    /// <summary>What makes a write recognisable: unique for each write, and part of the state until the next. A read's is the one it found.</summary>
    public string? Tag { get; init; }

    /// <summary>The consistency token it carried.</summary>
    public string? Sent { get; init; }

    /// <summary>The consistency token it was answered with.</summary>
    public string? Token { get; init; }

    /// <summary>A write's idempotency key: lines of one user with the same are attempts at one write.</summary>
    public string? Key { get; init; }

    /// <summary>The e-mail a write takes, in its normal form.</summary>
    public string? Takes { get; init; }

    /// <summary>The e-mail a write gives back.</summary>
    public string? Releases { get; init; }

    /// <summary>Whether a write deletes the user: a later read may find nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deletes { get; init; }
}

/// <summary>A write as the store's own history has it in the end; a user's lines are in the store's order.</summary>
/// <param name="User">The user.</param>
/// <param name="Version">The version it led to.</param>
/// <param name="Tag">Its tag.</param>
public sealed record FinalWrite(string User, long Version, string Tag) : HistoryLine;

/// <summary>Who owns an e-mail in the end, by the users' own states.</summary>
/// <param name="Email">The e-mail, in its normal form.</param>
/// <param name="User">The user.</param>
public sealed record FinalOwner(string Email, string User) : HistoryLine;
