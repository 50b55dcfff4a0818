namespace Roster.Core.Storage.Caching;

/// <summary>How far a shard's outbox was heard: immutable, and published as a whole.</summary>
/// <param name="UpTo">Whatever a token up to here covers was heard.</param>
/// <param name="At">When the outbox was asked (<see cref="TimeProvider.GetTimestamp"/>): what had committed by then was heard.</param>
internal sealed record Heard(Position UpTo, long At);
