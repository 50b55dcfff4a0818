using HdrHistogram;

namespace Roster.Cli.Bench.Results;

/// <summary>Latencies in microseconds up to a minute, to three digits.</summary>
internal sealed class Latencies
{
    private const long Highest = 60_000_000;

    /// <summary>The counts.</summary>
    public LongHistogram Counts { get; } = new(1, Highest, 3);

    /// <summary>Adds one; longer than a minute is a minute.</summary>
    public void Add(TimeSpan latency) => Counts.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, Highest));

    /// <summary>Milliseconds; 0 of none.</summary>
    /// <param name="percentile">0 to 100.</param>
    public double At(double percentile) => Counts.TotalCount == 0 ? 0 : Counts.GetValueAtPercentile(percentile) / 1000.0;

    /// <summary>Milliseconds; 0 of none.</summary>
    public double Mean => Counts.TotalCount == 0 ? 0 : Counts.GetMean() / 1000.0;

    /// <summary>Milliseconds; 0 of none.</summary>
    public double Max => At(100);
}
