namespace Roster.Cli.Bench.Results;

/// <summary>What was measured of one operation, or of all. Latencies are of successes only; refusals have their own, and everything else is counted by how it ended.</summary>
internal sealed class OperationResult
{
    private readonly SortedDictionary<string, long> errors = new(StringComparer.Ordinal);

    /// <summary>Latencies of successes.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Latencies of refusals (429, 503): a server with too much to do should at least say so soon.</summary>
    public Latencies Refusals { get; } = new();

    /// <summary>Successes.</summary>
    public long Succeeded { get; private set; }

    /// <summary>All that was answered or failed.</summary>
    public long Total { get; private set; }

    /// <summary>Failures by <see cref="Status.NameOf"/>.</summary>
    public IReadOnlyDictionary<string, long> Errors => errors;

    /// <summary>Adds one.</summary>
    public void Add(int status, TimeSpan latency)
    {
        Total++;
        if (Status.IsSuccess(status))
        {
            Succeeded++;
            Latencies.Add(latency);
            return;
        }

        if (status is 429 or 503)
        {
            Refusals.Add(latency);
        }

        var name = Status.NameOf(status);
        errors[name] = errors.GetValueOrDefault(name) + 1;
    }
}
