using HdrHistogram;

namespace Roster.Cli.Bench;

/// <summary>What was measured so far. Latencies are of successes only; everything else is counted by its status.</summary>
internal sealed class BenchResult
{
    private const long Highest = 60_000_000;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> others = new(StringComparer.Ordinal);

    /// <summary>Latencies in microseconds.</summary>
    public LongHistogram Latencies { get; } = new(1, Highest, 3);

    /// <summary>Successes.</summary>
    public long Succeeded { get; private set; }

    /// <summary>All that was answered or broke.</summary>
    public long Total { get; private set; }

    /// <summary>Time measured.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Processor time that this client took in it.</summary>
    public TimeSpan ClientCpu { get; set; }

    /// <summary>Failures by status, or by what broke.</summary>
    public IReadOnlyDictionary<string, long> Errors => others;

    /// <summary>Successes a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Succeeded / Elapsed.TotalSeconds : 0;

    /// <summary>One request's end.</summary>
    /// <param name="status">The HTTP status; 0 when the connection broke.</param>
    /// <param name="latency">From before the first byte sent to the last byte read.</param>
    public void Add(int status, TimeSpan latency)
    {
        lock (gate)
        {
            Total++;
            if (status is >= 200 and < 300)
            {
                Succeeded++;
                Latencies.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, Highest));
                return;
            }

            var name = status == 0 ? "broken" : status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            others[name] = others.GetValueOrDefault(name) + 1;
        }
    }
}
