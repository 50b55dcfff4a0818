namespace Roster.Lab.Histories;

/// <summary>What a check found.</summary>
/// <param name="Findings">Everything wrong; nothing when the history is sound.</param>
/// <param name="Unknown">What clients could not know, and how it turned out: nothing wrong, but nothing proven either.</param>
public sealed record HistoryVerdict(IReadOnlyList<Finding> Findings, IReadOnlyList<Finding> Unknown);
