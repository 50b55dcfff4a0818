namespace Roster.Core.Storage.Caching;

/// <summary>What a cache did. A hit adds one to a number: a counter that looks up its tags would cost more than the look-up.</summary>
internal sealed class CacheCounts
{
    private long hits;
    private long misses;

    public long Hits => Volatile.Read(ref hits);

    public long Misses => Volatile.Read(ref misses);

    public void Hit() => Interlocked.Increment(ref hits);

    public void Missed(int rows) => Interlocked.Add(ref misses, rows);
}
