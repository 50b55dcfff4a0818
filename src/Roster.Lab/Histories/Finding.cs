namespace Roster.Lab.Histories;

/// <summary>What a history shows.</summary>
public enum FindingKind
{
    /// <summary>An acknowledged write is not in the final history.</summary>
    Lost,

    /// <summary>One version for two writes, one write with two versions, or one e-mail with two owners.</summary>
    Duplicate,

    /// <summary>A read returned less than it had to: than its token covers, or than was certain before the allowed staleness.</summary>
    Stale,

    /// <summary>Versions do not follow real time.</summary>
    OutOfOrder,

    /// <summary>Something is seen that nobody wrote, that was refused, or that was only written later.</summary>
    Ghost,

    /// <summary>A client was left in doubt, which is nothing wrong; or it sent a token that nobody was given, and proves nothing.</summary>
    Unknown,
}

/// <summary>One thing that a history shows, in a sentence that names the operations.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="User">The user.</param>
/// <param name="Sentence">What was seen.</param>
/// <param name="Evidence">The lines that prove it.</param>
public sealed record Finding(FindingKind Kind, string User, string Sentence, IReadOnlyList<HistoryLine> Evidence)
{
    /// <summary>The sentence, and below it the lines.</summary>
    public override string ToString() =>
        $"{Kind}: {Sentence}{string.Concat(Evidence.Select(line => $"\n    {(line.Source is { } source ? source + " " : string.Empty)}{HistoryJson.Write(line)}"))}";
}
