namespace Roster.Redis.Caching;

/// <summary>What a shard's shared rows did for this node.</summary>
internal sealed class SharedCounts
{
    private long hits;
    private long misses;
    private long refused;
    private long unanswered;
    private long filled;

    public long Hits => Volatile.Read(ref hits);

    public long Misses => Volatile.Read(ref misses);

    public long Refused => Volatile.Read(ref refused);

    public long Unanswered => Volatile.Read(ref unanswered);

    public long Filled => Volatile.Read(ref filled);

    public void Hit() => Interlocked.Increment(ref hits);

    public void Missed() => Interlocked.Increment(ref misses);

    public void WasRefused() => Interlocked.Increment(ref refused);

    public void HadNoAnswer(int rows) => Interlocked.Add(ref unanswered, rows);

    public void Took(int rows) => Interlocked.Add(ref filled, rows);
}
