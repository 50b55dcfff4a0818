namespace Roster.Api.Overload;

/// <summary>Whether a write would be refused now, whichever shard it is for.</summary>
/// <param name="IsTooMuch">Asked before every write: it is cheap.</param>
public sealed record LoadSignal(Func<bool> IsTooMuch);
