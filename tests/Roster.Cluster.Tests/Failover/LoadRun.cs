using System.Collections.Concurrent;
using System.Diagnostics;
using Roster.Cluster.Tests.Histories;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Clients that read and write at a steady rate, whatever happens to the servers, and all that they saw.</summary>
/// <param name="nodes">Their ways to the API nodes; each client keeps to one.</param>
/// <param name="seed">Of their choices.</param>
internal sealed class LoadRun(IReadOnlyList<HttpClient> nodes, int seed)
{
    private const int Writers = 20;
    private const int Readers = 20;

    private static readonly TimeSpan WriterPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReaderPeriod = TimeSpan.FromMilliseconds(50);

    private readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Requests a second that are begun, as long as writes are answered within their period.</summary>
    public static double Rate => (Writers / WriterPeriod.TotalSeconds) + (Readers / ReaderPeriod.TotalSeconds);

    /// <summary>Microseconds of one clock for all.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;

    public ConcurrentQueue<Operation> Log { get; } = new();

    /// <summary>Requests that were not answered as they should have been: reads that failed, and attempts at writes that had to be repeated.</summary>
    public ConcurrentQueue<FailedRequest> Failed { get; } = new();

    /// <summary>Everybody who was acknowledged, with the newest version and its token.</summary>
    public ConcurrentDictionary<string, BoardEntry> Board { get; } = new(StringComparer.Ordinal);

    /// <summary>Lets clients work while something happens to the servers; every write is answered in the end.</summary>
    public async Task WorkAsync(Func<Task> happens)
    {
        using var end = new CancellationTokenSource();
        var random = new Random(seed);
        var working = Enumerable.Range(0, Writers).Select(i => new LoadWriter($"w{i}", nodes[i % nodes.Count], random.Next(), this).WorkAsync(WriterPeriod, end.Token))
            .Concat(Enumerable.Range(0, Readers).Select(i => new LoadReader($"r{i}", nodes[i % nodes.Count], random.Next(), this).WorkAsync(ReaderPeriod, end.Token)))
            .ToList();
        await Task.WhenAny(happens(), Task.WhenAll(working)).Unwrap();
        await end.CancelAsync();
        await Task.WhenAll(working);
    }

    /// <summary>What the clients saw, and what is there now. Users that are gone are for the checker to find.</summary>
    public async Task<History> HistoryAsync(long? staleness)
    {
        var final = await FinalState.ReadAsync(nodes[0], known: []);
        return new History([.. Log], final.Writes, final.Owners) { Staleness = staleness };
    }

    /// <summary>The longest time without any acknowledged write that touches a span of the clock, in seconds.</summary>
    public double LongestSilence(long from, long until)
    {
        List<long> acknowledged = [.. Log.Where(o => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Done }).Select(o => o.Answered).Order()];
        return acknowledged.Zip(acknowledged.Skip(1)).Where(gap => gap.Second > from && gap.First < until).Max(gap => gap.Second - gap.First) / 1e6;
    }

    /// <summary>Does something at a steady rate; what is late is left out, not made up for.</summary>
    public static async Task EachAsync(TimeSpan period, Func<Task> doAsync, CancellationToken end)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                await doAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}

/// <summary>What everybody knows of a user.</summary>
/// <param name="Id">The user.</param>
/// <param name="Email">The user's e-mail.</param>
/// <param name="Token">Covers the newest version.</param>
internal sealed record BoardEntry(string Id, string Email, string Token);

/// <summary>A request that failed.</summary>
/// <param name="At">When it was answered, or given up, by the run's clock.</param>
/// <param name="Method">Its method.</param>
/// <param name="What">Its path and what came instead.</param>
internal sealed record FailedRequest(long At, HttpMethod Method, string What)
{
    /// <summary>A read whose token is ahead of every member that lives: only the leader that is gone could answer it, and nothing older may.</summary>
    public bool NobodyHasIt { get; init; }
}
