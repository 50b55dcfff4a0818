namespace Roster.Cli.Bench.Results;

/// <summary>What happened in each second.</summary>
internal sealed class Timeline
{
    private readonly List<Interval> intervals = [];
    private OperationResult now = new();

    /// <summary>The seconds that are over.</summary>
    public IReadOnlyList<Interval> Intervals => intervals;

    /// <summary>Adds one.</summary>
    /// <param name="at">When it ended, since the measuring began.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="latency">How long it took.</param>
    public void Add(TimeSpan at, int status, TimeSpan latency)
    {
        Close((int)at.TotalSeconds);
        now.Add(status, latency);
    }

    /// <summary>Closes all seconds before one.</summary>
    public void Close(int second)
    {
        while (intervals.Count < second)
        {
            var latencies = now.Latencies;
            intervals.Add(new Interval(intervals.Count, now.Succeeded, now.Total - now.Succeeded, latencies.At(50), latencies.At(99), latencies.Max));
            now = now.Total == 0 ? now : new OperationResult();
        }
    }
}
