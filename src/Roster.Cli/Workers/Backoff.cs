namespace Roster.Cli.Workers;

/// <summary>How long to wait before a worker is started again: not at all, unless it fails again and again.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A worker that answered for so long was sound when it started.</summary>
    private static readonly TimeSpan Sound = TimeSpan.FromSeconds(1);

    private int failures;

    /// <summary>The pause after a death: 0, 250 ms, 500 ms … 10 s.</summary>
    /// <param name="served">How long it had been ready.</param>
    public TimeSpan After(TimeSpan served)
    {
        failures = served >= Sound ? 1 : failures + 1;
        return failures == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - 2, 16)));
    }
}
