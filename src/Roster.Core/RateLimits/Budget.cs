namespace Roster.Core.RateLimits;

/// <summary>
/// A token bucket kept as one number, the time at which it is full again (GCRA: ITU-T I.371, the generic cell rate algorithm).
/// Safe for concurrent use. In the past it says nothing, so it can be dropped.
/// </summary>
internal sealed class Budget
{
    private long fullAt;

    /// <summary>When it is full again, in the clock's ticks.</summary>
    public long FullAt => Interlocked.Read(ref fullAt);

    /// <summary>Takes one token, if there is one.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="interval">Ticks in which a token grows.</param>
    /// <param name="burst">Tokens when it is full.</param>
    /// <param name="ticks">Time until it is full again; or, when there was no token, until there is one.</param>
    /// <returns>Tokens left; negative when there was none.</returns>
    public long Take(long now, long interval, int burst, out long ticks)
    {
        while (true)
        {
            var before = Interlocked.Read(ref fullAt);
            var after = Math.Max(before, now) + interval;
            var room = (interval * burst) - (after - now);
            if (room < 0)
            {
                ticks = -room;
                return -1;
            }

            if (Interlocked.CompareExchange(ref fullAt, after, before) == before)
            {
                ticks = after - now;
                return room / interval;
            }
        }
    }
}
