namespace Roster.Core.RateLimits;

/// <summary>Whether a request may go on.</summary>
/// <param name="IsAllowed">It may.</param>
/// <param name="Remaining">How many more may follow it at once, as far as this node knows.</param>
/// <param name="Wait">When it may not: until one may. When it may: until the budget is full again.</param>
public readonly record struct RateVerdict(bool IsAllowed, int Remaining, TimeSpan Wait);
