namespace Roster.Core.Storage.Batching;

/// <summary>Limits of one kind of batch, for one store behind it.</summary>
public sealed record BatchingOptions
{
    /// <summary>Items in a batch, at most.</summary>
    public int MaxBatch { get; init; } = 500;

    /// <summary>Items that may wait while batches are in flight; with so many waiting, callers are told that the store is busy.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>Batches in flight at the same time.</summary>
    public int MaxInFlight { get; init; } = 1;

    /// <summary>Who would wait longer than this, by what batches took lately, is told at once that the store is busy.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(300);
}
