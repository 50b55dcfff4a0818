using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Roster.Cluster.Tests.Overload;

/// <summary>Ten times as much arrives as the database can take, whether anybody waits or not.</summary>
public sealed class OverloadTests
{
    private const int Capacity = 1_000;

    /// <summary>What is answered in time, and how soon the rest is told.</summary>
    private const int AcceptedWithin = 500;
    private const int RefusedWithin = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Ten_thousand_a_second_on_a_database_for_a_thousand()
    {
        var run = await RunAsync(rate: 10_000, seconds: 60);
        await Report.WriteAsync("overload.md", run.Text);
        run.Check(refusedWithin: RefusedWithin);
    }

    [Fact]
    public async Task Two_thousand_a_second_on_a_database_for_five_hundred()
    {
        var run = await RunAsync(rate: 2_000, seconds: 5, capacity: 500);

        // Other tests have the processors too: here it counts that refusals are early, there how early.
        run.Check(refusedWithin: 5 * RefusedWithin);
    }

    private static async Task<OverloadRun> RunAsync(int rate, int seconds, int capacity = Capacity)
    {
        await using var shard = await SlowShard.StartAsync();
        var free = await shard.BenchAsync("--mix", "create", "--connections", "64", "--duration", "2s", "--warmup", "1s");
        var before = shard.Bytes;
        var counted = await shard.BenchAsync("--mix", "create", "--connections", "64", "--duration", "1s", "--warmup", "0s");
        shard.BytesPerSecond = (double)(shard.Bytes - before) / counted.Requests * capacity;
        var slow = await shard.BenchAsync("--mix", "create", "--connections", "64", "--duration", "2s", "--warmup", "1s");
        using var watching = new CancellationTokenSource();
        var memory = WatchAsync(shard, watching.Token);
        var flood = await shard.BenchAsync(
            "--mix", "create", "--rate", Text(rate), "--connections", Text(rate / 10), "--duration", $"{seconds}s", "--warmup", "1s");
        await watching.CancelAsync();
        var shed = await shard.ShedAsync();
        var recovery = await RecoveredAsync(shard);
        return new OverloadRun(rate, seconds, capacity, free, slow, flood, shed, await memory, recovery);
    }

    /// <summary>Time until a hundred requests in a row are answered as soon as on an idle server. The database is still as slow.</summary>
    private static async Task<TimeSpan> RecoveredAsync(SlowShard shard)
    {
        using var http = shard.Node.Connect();
        var start = Stopwatch.GetTimestamp();
        for (var good = 0; good < 100 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            var sent = Stopwatch.GetTimestamp();
            using var body = new StringContent($$"""{"name":"After","email":"after-{{Stopwatch.GetTimestamp()}}@example.com"}""", null, "application/json");
            using var answer = await http.PostAsync(new Uri("/users", UriKind.Relative), body, Cancellation);
            good = answer.IsSuccessStatusCode && Stopwatch.GetElapsedTime(sent) < TimeSpan.FromMilliseconds(100) ? good + 1 : 0;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<IReadOnlyList<int>> WatchAsync(SlowShard shard, CancellationToken end)
    {
        List<int> seen = [];
        while (!end.IsCancellationRequested)
        {
            seen.Add(shard.Memory());
            await Task.Delay(500, CancellationToken.None);
        }

        return seen;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record OverloadRun(
        int Rate, int Seconds, int Capacity, Measured Free, Measured Slow, Measured Flood, long Shed, IReadOnlyList<int> Memory, TimeSpan Recovery)
    {
        public string Text => string.Create(CultureInfo.InvariantCulture, $"""
            # Overload

            `./test long`, class `OverloadTests`, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, on {Environment.ProcessorCount} processors that one node, PostgreSQL, the proxy between them
            and the generator share. Sign-ups, each of its own e-mail. An open loop: a latency counts from when the request was due.

            | | requests/s sent | accepted/s | accepted p50 / p99 / max ms | refused | refused p50 / p99 / max ms | neither |
            |---|---|---|---|---|---|---|
            | free, 64 connections | as answered | {Free.AcceptedPerSecond:N0} | {Free.Latency("p50"):0.0} / {Free.Latency("p99"):0.0} / {Free.Latency("max"):0.0} | {Free.Refused:N0} | | {Free.Lost:N0} |
            | slowed, 64 connections | as answered | {Slow.AcceptedPerSecond:N0} | {Slow.Latency("p50"):0.0} / {Slow.Latency("p99"):0.0} / {Slow.Latency("max"):0.0} | {Slow.Refused:N0} | | {Slow.Lost:N0} |
            | slowed, {Seconds} s | {Rate:N0} | {Flood.AcceptedPerSecond:N0} | {Flood.Latency("p50"):0.0} / {Flood.Latency("p99"):0.0} / {Flood.Latency("max"):0.0} | {Flood.Refused:N0} | {Flood.Refusal("p50"):0.0} / {Flood.Refusal("p99"):0.0} / {Flood.Refusal("max"):0.0} | {Flood.Lost:N0} |

            - The generator was late by p50 {Flood.Lateness("p50"):0.0} ms, p99 {Flood.Lateness("p99"):0.0} ms, and took {Flood.ClientProcessors:0.00} processors; what it was late is in the latencies.
            - How the others ended: {Flood.Ends}. Unread: {Shed:N0}, warm-up included.
            - Memory of the node (RSS): {Memory[0]} MiB at the beginning, {Memory.Max()} at most, {Memory[^1]} at the end.
            - Back to normal (a hundred sign-ups in a row under 100 ms) {Recovery.TotalSeconds:0.0} s after.

            """);

        public void Check(int refusedWithin)
        {
            Assert.True(Slow.AcceptedPerSecond is var rate && rate > Capacity / 2 && rate < Capacity * 3 / 2, Text);
            Assert.True(Flood.Lost == 0, Text);
            Assert.True(Flood.Refused > Flood.Accepted, Text);
            Assert.True(Shed > Flood.Refused / 2, Text);
            Assert.True(Flood.AcceptedPerSecond > Slow.AcceptedPerSecond / 2, Text);
            Assert.True(Flood.Latency("p99") < AcceptedWithin, Text);
            Assert.True(Flood.Refusal("p99") < refusedWithin, Text);
            Assert.True(Memory.Max() < 1_024, Text);
            Assert.True(Recovery < TimeSpan.FromSeconds(5), Text);
        }
    }
}
