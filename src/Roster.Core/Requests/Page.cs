namespace Roster.Core.Requests;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
