namespace Roster.Core.Events;

/// <summary>The one clock rule: microseconds, strictly increasing per user from one change to the next.</summary>
public static class Timestamps
{
    /// <summary>Cuts what an engine would not keep (PostgreSQL stores microseconds), before anything is decided.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time)
    {
        var ticks = time.UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>The time of a user's next change: now, or a microsecond after the last one when a clock went back.</summary>
    public static DateTimeOffset Next(DateTimeOffset now, DateTimeOffset? last)
    {
        var truncated = Truncate(now);
        return last is { } previous && truncated <= previous ? previous.AddMicroseconds(1) : truncated;
    }

    /// <summary>Microseconds since 1970 (UTC), as engines keep times.</summary>
    public static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time of so many microseconds since 1970 (UTC).</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The time of so many microseconds since 1970, as a client may have made them up; false when there is no such time.</summary>
    public static bool TryFromMicroseconds(long microseconds, out DateTimeOffset time)
    {
        var exists = microseconds >= ToMicroseconds(DateTimeOffset.MinValue) && microseconds <= ToMicroseconds(DateTimeOffset.MaxValue);
        time = exists ? FromMicroseconds(microseconds) : default;
        return exists;
    }
}
