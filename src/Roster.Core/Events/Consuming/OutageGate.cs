namespace Roster.Core.Events.Consuming;

/// <summary>Stops a whole consumer while what it needs is away: nobody tries before the pause is over, and the pauses grow.</summary>
internal sealed class OutageGate(string consumer, BackOff pauses, TimeProvider time, NoticeSink tell)
{
    private readonly Lock gate = new();
    private int failures;
    private long closed;
    private TimeSpan pause;

    /// <summary>Waits until the pause is over, if there is one.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        while (Left() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellation);
        }
    }

    /// <summary>It is away. Those who tried at the same time count as one.</summary>
    public void Close(ConsumerUnavailableException e)
    {
        lock (gate)
        {
            if (Left() > TimeSpan.Zero)
            {
                return;
            }

            if (failures++ == 0)
            {
                ConsumingMetrics.Pausing(consumer, 1);
                tell(new Notice(IsLoss: false, $"Consumer {consumer} pauses: {e.Message} It tries again, with growing pauses.", e));
            }

            closed = time.GetTimestamp();
            pause = pauses.After(failures);
        }
    }

    /// <summary>It is there.</summary>
    public void Open()
    {
        if (Volatile.Read(ref failures) == 0)
        {
            return;
        }

        lock (gate)
        {
            if (failures > 0)
            {
                ConsumingMetrics.Pausing(consumer, -1);
                tell(new Notice(IsLoss: false, $"Consumer {consumer} goes on after {failures} failures."));
            }

            failures = 0;
            pause = TimeSpan.Zero;
        }
    }

    private TimeSpan Left()
    {
        lock (gate)
        {
            return pause - time.GetElapsedTime(closed);
        }
    }
}
