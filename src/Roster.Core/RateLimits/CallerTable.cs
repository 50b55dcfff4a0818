using System.Collections.Concurrent;

namespace Roster.Core.RateLimits;

/// <summary>
/// What is kept of each caller, for so many callers at most: when there is no room, what says nothing any more goes, once a second at
/// most. Safe for concurrent use.
/// </summary>
/// <param name="capacity">Callers at most.</param>
/// <param name="isIdle">Whether, by the clock's ticks, nothing is lost with it.</param>
/// <param name="time">The clock.</param>
public sealed class CallerTable<T>(int capacity, Func<T, long, bool> isIdle, TimeProvider time)
    where T : class, new()
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RateKey, T> callers = [];
    private readonly Lock sweeping = new();
    private int count;
    private long sweptAt = time.GetTimestamp();

    /// <summary>Callers of whom something is kept.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>What is kept of a caller, begun if there is room; null when there is none.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="now">The clock, in ticks.</param>
    public T? Find(RateKey key, long now)
    {
        if (callers.TryGetValue(key, out var known))
        {
            return known;
        }

        if (Count >= capacity && !Swept(now))
        {
            return null;
        }

        var begun = new T();
        if (callers.TryAdd(key, begun))
        {
            Interlocked.Increment(ref count);
            return begun;
        }

        return callers.GetValueOrDefault(key, begun);
    }

    /// <summary>Whether there is room now.</summary>
    private bool Swept(long now)
    {
        lock (sweeping)
        {
            if (Count < capacity)
            {
                return true;
            }

            if (time.GetElapsedTime(sweptAt, now) < Pause)
            {
                return false;
            }

            sweptAt = now;
            foreach (var (key, kept) in callers)
            {
                if (isIdle(kept, now) && callers.TryRemove(KeyValuePair.Create(key, kept)))
                {
                    Interlocked.Decrement(ref count);
                }
            }

            return Count < capacity;
        }
    }
}
