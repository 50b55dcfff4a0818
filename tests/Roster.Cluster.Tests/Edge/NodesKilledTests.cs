using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>Nodes behind nginx are killed one after the other under load: whoever may be answered by another node is.</summary>
public sealed class NodesKilledTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int PerSecond = 1_000;
    private const double LeastSucceeded = 99.99;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_node_killed_every_five_seconds_is_hardly_noticed_and_loses_nothing()
    {
        var seed = Seed.Take(output);
        await using var edge = await EdgeCluster.WithAsync(Nodes, blue: Nodes, withTls: false);
        using var http = edge.Connect();

        // New processes are slow at first; what is measured begins when all three are warm.
        await new EdgeLoad(http, PerSecond / 4, seed, keyless: 0).WhileAsync(() => Task.Delay(TimeSpan.FromSeconds(10)));
        var load = new EdgeLoad(http, PerSecond, seed + 1, keyless: 0);
        List<double> away = [];
        await load.WhileAsync(() => KillAsync(edge, load, away));
        var (failures, lost, repeated) = (load.Failures(), await load.LostAsync(http), await EdgeResult.RepeatedAsync(edge.Nginx.AccessLog));
        await Report.WriteAsync("nodes-killed.md", Text(load, away, failures, lost, repeated));

        Assert.InRange(away.Count, (int)(Length / Period) - 2, int.MaxValue);
        Assert.InRange(load.Done.Count / Length.TotalSeconds, PerSecond * 0.97, PerSecond * 1.1);
        Assert.Empty(lost);
        Assert.True(load.SucceededOfRepeatable() >= LeastSucceeded, string.Join('\n', failures.Take(50)));

        // Else nothing was in flight on the dead ones, and this has shown nothing.
        Assert.InRange(repeated, away.Count, int.MaxValue);
    }

    private static async Task KillAsync(EdgeCluster edge, EdgeLoad load, List<double> away)
    {
        var from = load.Now;
        for (var kill = 1; load.Now - from + Period.TotalSeconds <= Length.TotalSeconds; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, from + (kill * Period.TotalSeconds) - load.Now)));
            var node = edge.Nodes[kill % Nodes];
            var since = Stopwatch.GetTimestamp();
            await node.KillAsync();
            await node.StartAgainAsync();
            away.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
        }
    }

    private static string Text(EdgeLoad load, List<double> away, IReadOnlyList<string> failures, IReadOnlyList<string> lost, int repeated) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Nodes killed behind nginx

        `./test A_node_killed_every_five_seconds_is_hardly_noticed_and_loses_nothing`: {Nodes} nodes over one PostgreSQL, behind
        nginx with the files of `deploy/nginx`, all on one machine of {Environment.ProcessorCount} cores, the load too. {PerSecond:N0} requests a second begin in an open loop
        (75 reads, 15 sign-ups, 10 changes of a hundred; writes carry an Idempotency-Key) for {Length.TotalMinutes:0} minutes. Every {Period.TotalSeconds:0} s `kill -9` hits
        another node, which is started again at once. The client sends each request once and repeats nothing.

        - {away.Count} kills; a node was ready again after {away.Order().ElementAt(away.Count / 2):0.0} s in the middle, {away.Max():0.0} s at most.
        - **{load.Done.Count:N0} requests, {failures.Count} failed: {load.SucceededOfRepeatable():0.0000} % succeeded** (asked for: {LeastSucceeded} %).
        - nginx sent {repeated} of them to a second node.
        - {load.Known.Count:N0} users were acknowledged; **{lost.Count}** of them, or of their changes, were missing at the end.

        {load.Table()}{(failures.Count == 0 ? string.Empty : $"\nWhat failed:\n\n{string.Concat(failures.Take(20).Select(failure => $"- {failure}\n"))}")}
        """);
}
