using System.Diagnostics;
using Roster.Cli.Bench.Requests;

namespace Roster.Cli.Bench.Results;

/// <summary>What was measured so far.</summary>
internal sealed class BenchResult
{
    private readonly Lock gate = new();
    private readonly Dictionary<Operation, OperationResult> operations;
    private readonly Timeline timeline = new();
    private readonly Latencies schedulingDelay = new();
    private long start;
    private TimeSpan cpu;
    private bool isOver;

    public BenchResult(IReadOnlyList<Operation> operations) => this.operations = operations.ToDictionary(each => each, _ => new OperationResult());

    /// <summary>All operations together.</summary>
    public OperationResult All { get; } = new();

    /// <summary>Each operation's own.</summary>
    public IReadOnlyDictionary<Operation, OperationResult> Operations => operations;

    /// <summary>Second by second.</summary>
    public IReadOnlyList<Interval> Intervals => timeline.Intervals;

    /// <summary>
    /// How late an open loop sent what it could have sent: this program's own stalls, or the machine's. They are part of the
    /// latencies; what is not seen here is an answer that lay in the socket until this program came to read it.
    /// </summary>
    public Latencies SchedulingDelay => schedulingDelay;

    /// <summary>Time measured.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Processor time that this client took in it.</summary>
    public TimeSpan ClientCpu { get; private set; }

    /// <summary>Processors that this client kept busy.</summary>
    public double ClientProcessors => Elapsed > TimeSpan.Zero ? ClientCpu / Elapsed : 0;

    /// <summary>Successes a second, of one operation or of all.</summary>
    public double RateOf(OperationResult part) => Elapsed > TimeSpan.Zero ? part.Succeeded / Elapsed.TotalSeconds : 0;

    /// <summary>Measuring begins now, or at a time that is about now.</summary>
    public void Start(long? at = null)
    {
        lock (gate)
        {
            (start, cpu) = (at ?? Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        }
    }

    /// <summary>Measuring ends now, if it has begun. What is under way is still added.</summary>
    /// <param name="due">The end as it was meant, if it was: the time measured is no shorter.</param>
    public void End(long? due = null)
    {
        lock (gate)
        {
            if (start == 0 || isOver)
            {
                return;
            }

            isOver = true;
            var passed = Stopwatch.GetElapsedTime(start);
            Elapsed = due is { } meant ? Max(passed, Stopwatch.GetElapsedTime(start, meant)) : passed;
            ClientCpu = Environment.CpuUsage.TotalTime - cpu;
            timeline.Close((int)Elapsed.TotalSeconds);
        }
    }

    /// <summary>One request's end.</summary>
    public void Add(Operation operation, int status, TimeSpan latency)
    {
        lock (gate)
        {
            operations[operation].Add(status, latency);
            All.Add(status, latency);
            if (!isOver)
            {
                timeline.Add(Stopwatch.GetElapsedTime(start), status, latency);
            }
        }
    }

    /// <summary>How late a request was sent although it could have been.</summary>
    public void AddSchedulingDelay(TimeSpan delay)
    {
        lock (gate)
        {
            schedulingDelay.Add(delay);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
