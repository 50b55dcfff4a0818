using System.Diagnostics;
using System.Globalization;
using Roster.Cluster.Tests.Histories;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>
/// Clients sign up and change e-mails among themselves through two processes on two PostgreSQL shards, while processes
/// are killed, or paused and resumed, and postmasters are killed: nothing acknowledged is lost, never two owners.
/// </summary>
public sealed class PostgresCrashTests(ITestOutputHelper output)
{
    private const int Clients = 24;

    /// <summary>Longer than two rounds of the worker that ends what was left half way.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    [Fact]
    public Task Two_processes_on_two_shards_survive_every_crash() => RunAsync(troubles: 5, longestPauseMs: 800);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Two_processes_on_two_shards_survive_every_crash_over_minutes() =>
        await Report.WriteAsync("postgres-crashes.md", await RunAsync(troubles: 80, longestPauseMs: 4_000));

    private async Task<string> RunAsync(int troubles, int longestPauseMs)
    {
        var start = Stopwatch.GetTimestamp();
        var given = Environment.GetEnvironmentVariable("ROSTER_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"ROSTER_SEED={seed}");
        var random = new Random(seed);
        await using var cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 2);
        List<HttpClient> ways = [.. cluster.Nodes.Select(node => node.Connect())];
        var trouble = new ClusterTrouble(cluster, random, longestPauseMs);
        var run = new HistoryRun(ways, mostUsers: 32, emails: 48);
        await run.WorkAsync(Clients, random, async () =>
        {
            for (var i = 0; i < troubles; i++)
            {
                await Task.Delay(random.Next(200, 1_200));
                await trouble.MakeAsync(i);
            }

            await Task.Delay(300);
        });
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var findings = await run.CheckAsync();
        output.WriteLine($"{trouble}; {run.Summary}");
        Assert.Empty(findings);
        Assert.True(run.Changes > 0, "Nothing was changed between the troubles.");
        var rebuild = await AssertNothingIsLeftHalfWayAsync(cluster);
        ways.ForEach(way => way.Dispose());
        return $"""
            # Two API processes on two PostgreSQL shards, through kills and pauses of all of them

            Written by `ROSTER_SEED={seed} ./test long`: {Clients} clients share 32 users and 48 e-mails over HTTP, through two processes,
            in {seconds:F0} s; each client keeps to one process until it gives no answer, and sends the same `Idempotency-Key` to the other.
            {trouble} (pauses up to {longestPauseMs} ms).

            - {run.Summary}; {run.Changes} of the versions are changes.
            - Every write was answered in the end, every history is linearizable per user, and no e-mail had two owners at any moment.
            - Afterwards, over every row of both shards: {rebuild.Trim()} No intent, no reservation, no orphan claim was left.

            """;
    }

    /// <summary>The processes have ended it all by themselves; <c>rebuild</c> then reads every row of every shard.</summary>
    private async Task<string> AssertNothingIsLeftHalfWayAsync(PostgresCluster cluster)
    {
        await Task.Delay(Recovery);
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(0, await node.StopAsync());
        }

        var rebuild = await cluster.Nodes[0].RunAsync("rebuild", "--verify");
        output.WriteLine(rebuild.Output);
        Assert.Equal((0, string.Empty), (rebuild.ExitCode, rebuild.Errors));
        return rebuild.Output;
    }
}
