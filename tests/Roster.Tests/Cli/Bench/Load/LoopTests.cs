using System.Diagnostics;
using Roster.Cli.Bench.Load;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;
using Roster.Cli.Remote;
using Xunit;

namespace Roster.Tests.Cli.Bench.Load;

[Collection(nameof(StandardStreams))]
public sealed class LoopTests
{
    private const int Rate = 500;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly Mix List = Mix.Parse("list");

    private static async Task<BenchResult> Run(StallingServer server, int connections, double? rate, TimeSpan duration, long requests = long.MaxValue)
    {
        var dialer = await Dialer.ToAsync(server.Url, allowRemote: false, CancellationToken.None);
        var writer = new RequestWriter(new ServerAddress(server.Url, null));
        var result = new BenchResult(List.Operations);
        ILoop loop = rate is { } perSecond ? new OpenLoop(dialer, connections, List, writer, perSecond) : new ClosedLoop(dialer, connections, List, writer);
        await loop.RunAsync(TimeSpan.Zero, duration, requests, result, TestContext.Current.CancellationToken);
        return result;
    }

    /// <summary>Coordinated omission: 600 ms of 2 s, in which an open loop's requests wait and a closed loop sends none.</summary>
    [Fact]
    public async Task An_open_loop_shows_a_stall_that_a_closed_loop_hides()
    {
        await using var forOpen = new StallingServer(TimeSpan.FromSeconds(0.7), Stall);
        var open = await Run(forOpen, 4, Rate, Duration);
        await using var forClosed = new StallingServer(TimeSpan.FromSeconds(0.7), Stall);
        var closed = await Run(forClosed, 4, rate: null, Duration);

        // 30 % of the requests were due in the stall: those of its first half waited for more than 300 ms.
        Assert.Equal(Rate * 2, open.All.Succeeded);
        Assert.InRange(open.All.Latencies.At(99), 500, 2_000);
        Assert.InRange(open.All.Latencies.At(90), 250, 2_000);
        Assert.InRange(closed.All.Latencies.At(99), 0, 100);
        Assert.InRange(closed.All.Latencies.Max, 500, 5_000);
    }

    [Fact]
    public async Task Waiting_for_the_server_is_not_called_the_generators_delay()
    {
        await using var server = new StallingServer(TimeSpan.FromSeconds(0.2), Stall);

        var result = await Run(server, 2, Rate, TimeSpan.FromSeconds(1.2));

        Assert.InRange(result.All.Latencies.At(90), 200, 2_000);
        Assert.InRange(result.SchedulingDelay.At(90), 0, 100);
        Assert.Equal(result.All.Total, result.SchedulingDelay.Counts.TotalCount);
    }

    [Fact]
    public async Task What_finds_no_connection_is_counted_as_unsent()
    {
        await using var server = new StallingServer(TimeSpan.Zero, Never);

        var result = await Run(server, 3, 100, TimeSpan.FromSeconds(0.5));

        Assert.Equal([new("unanswered", 3), new("unsent", 47)], result.All.Errors);
        Assert.Equal(0, result.All.Succeeded);
    }

    /// <summary>A sleep of whole milliseconds would send six at once, half a millisecond late on average; one of 15 ms ninety.</summary>
    [Fact]
    public async Task Requests_are_spread_over_time()
    {
        await using var server = new StallingServer(Never, Stall);

        var result = await Run(server, 64, 6_000, TimeSpan.FromSeconds(1));

        // A busy machine is late, but not by bursts of a tenth of a second.
        Assert.InRange(result.SchedulingDelay.At(50), 0, 20);
        Assert.InRange(server.Arrivals.CountBy(at => at * 1000 / Stopwatch.Frequency).Count(), 500, 1_500);
    }

    [Fact]
    public async Task A_loop_stops_at_its_number_of_requests()
    {
        await using var server = new StallingServer(Never, Stall);

        Assert.Equal(123, (await Run(server, 5, 2_000, TimeSpan.FromMinutes(1), requests: 123)).All.Succeeded);
        Assert.Equal(123, (await Run(server, 5, rate: null, TimeSpan.FromMinutes(1), requests: 123)).All.Succeeded);
    }
}
