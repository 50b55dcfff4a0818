namespace Roster.Storage.Conformance.Histories;

/// <summary>What a history shows to be wrong.</summary>
public enum FindingKind
{
    /// <summary>An acknowledged write is not in the final history.</summary>
    Lost,

    /// <summary>One version for two writes, one write with two versions, or one e-mail with two owners.</summary>
    Duplicate,

    /// <summary>A read returned less than was already certain.</summary>
    Stale,

    /// <summary>Versions do not follow real time.</summary>
    OutOfOrder,

    /// <summary>Something is seen that nobody wrote, that was refused, or that was only written later.</summary>
    Ghost,
}

/// <summary>One thing that is wrong, in a sentence that names the operations.</summary>
public sealed record Finding(FindingKind Kind, string User, string Sentence);
