using Roster.Core.Ids;

namespace Roster.Core.Storage.Caching;

/// <summary>A row in memory. What does not change is read without a lock; the links are the map's.</summary>
/// <param name="id">The row's id.</param>
/// <param name="read">A <see cref="Read{T}"/> of user or post.</param>
/// <param name="version">The number that grows with every change of it: a user's sequence, a post's version.</param>
/// <param name="asOf">The row was so up to here at least.</param>
internal sealed class CacheEntry(Guid id, object read, long version, Position asOf)
{
    public Guid Id { get; } = id;

    public object Read { get; } = read;

    public long Version { get; } = version;

    public Position AsOf { get; } = asOf;

    /// <summary>Of a post: it is hidden once its author is deleted.</summary>
    public UserId? Author { get; init; }

    /// <summary>When it was put here (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public required long At { get; init; }

    /// <summary>Estimated size.</summary>
    public required int Bytes { get; init; }

    /// <summary>How many times changes had been forgotten when it was put here.</summary>
    public required int Generation { get; init; }

    /// <summary>Whether it was served since the hand last passed: a race on it costs nothing but a guess.</summary>
    public bool Visited { get; set; }

    public CacheEntry? Newer { get; set; }

    public CacheEntry? Older { get; set; }
}
