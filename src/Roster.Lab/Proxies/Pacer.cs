using System.Diagnostics;

namespace Roster.Lab.Proxies;

/// <summary>Says how long bytes have to wait so that no more than a rate of them pass. Safe for concurrent use.</summary>
internal sealed class Pacer
{
    private readonly Lock gate = new();
    private double? rate;
    private long next;

    /// <summary>Bytes a second; null for any number. A new rate owes nothing to the old one.</summary>
    public double? Rate
    {
        get
        {
            lock (gate)
            {
                return rate;
            }
        }

        set
        {
            lock (gate)
            {
                (rate, next) = (value, 0);
            }
        }
    }

    /// <summary>Bytes pass.</summary>
    /// <returns>When: a timer is late by a millisecond or so, and what is late here is earlier for the next.</returns>
    public TimeSpan Take(int count)
    {
        lock (gate)
        {
            if (rate is not { } most)
            {
                return TimeSpan.Zero;
            }

            var now = Stopwatch.GetTimestamp();
            next = Math.Max(next, now) + (long)(count / most * Stopwatch.Frequency);
            return Stopwatch.GetElapsedTime(now, next);
        }
    }
}
