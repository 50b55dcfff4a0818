namespace Roster.Redis;

/// <summary>
/// Keeps callers from what does not work: after some failures in a row nobody is let through for a while, then one at a time,
/// until it works again. Safe for concurrent use.
/// </summary>
/// <param name="failures">How many in a row open it.</param>
/// <param name="rest">How long nobody is let through.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(int failures, TimeSpan rest, TimeProvider time)
{
    private readonly Lock gate = new();
    private int inRow;
    private long openedAt;

    /// <summary>Whether it keeps callers away, or lets only one try.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How often it opened.</summary>
    public long Opened { get; private set; }

    /// <summary>Whether to go ahead; then the outcome must be told.</summary>
    public bool MayPass()
    {
        if (!IsOpen)
        {
            return true;
        }

        lock (gate)
        {
            if (IsOpen && time.GetElapsedTime(openedAt) < rest)
            {
                return false;
            }

            // This one tries; the next may when it has not said how it went for as long again.
            openedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>It worked.</summary>
    public void Succeed()
    {
        if (inRow == 0 && !IsOpen)
        {
            return;
        }

        lock (gate)
        {
            (inRow, IsOpen) = (0, false);
        }
    }

    /// <summary>It did not.</summary>
    public void Fail()
    {
        lock (gate)
        {
            if (++inRow >= failures && !IsOpen)
            {
                IsOpen = true;
                Opened++;
            }

            openedAt = time.GetTimestamp();
        }
    }
}
