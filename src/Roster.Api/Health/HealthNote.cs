namespace Roster.Api.Health;

/// <summary>Something that a node can do without, and whether it is missing.</summary>
/// <param name="Trouble">What is wrong now, in a sentence; null when nothing is.</param>
public sealed record HealthNote(Func<string?> Trouble);
