namespace Roster.Core.Storage.Caching;

/// <summary>What a page of an outbox told a cache, for whoever else has to know.</summary>
/// <param name="UpTo">Every commit that a token up to here covers was told with this or before; null when that is not known.</param>
/// <param name="Rows">Rows that changed, and the version that each has at least.</param>
/// <param name="IsNew">What was told before is no part of this history, or some of it was not heard: it begins anew at <paramref name="UpTo"/>.</param>
public sealed record HeardChanges(Position? UpTo, IReadOnlyList<(Guid Id, long Version)> Rows, bool IsNew);
