using System.Diagnostics;

namespace Roster.Cli.Bench.Load;

/// <summary>
/// When each request of an open loop is meant to start: evenly spaced, each time counted from the beginning, so that
/// neither rounding nor a late request moves the ones after it.
/// </summary>
/// <param name="start">The first request's time, in <see cref="Stopwatch"/>'s ticks.</param>
/// <param name="rate">Requests a second.</param>
internal readonly struct ArrivalSchedule(long start, double rate)
{
    private readonly double gap = Stopwatch.Frequency / rate;

    /// <summary>When a request is meant to start, in <see cref="Stopwatch"/>'s ticks.</summary>
    /// <param name="number">From 0.</param>
    public long DueAt(long number) => start + (long)(number * gap);

    /// <summary>Requests meant to start before some time has passed.</summary>
    public static long Within(TimeSpan time, double rate) => (long)Math.Ceiling(time.TotalSeconds * rate);
}
