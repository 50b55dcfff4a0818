using System.Diagnostics;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>Workers that share a port, while they live, die and are replaced.</summary>
public sealed class WorkerTests(MigratedServer server, ITestOutputHelper output) : IClassFixture<MigratedServer>
{
    private const int Workers = 3;

    [Fact]
    public async Task Connections_are_spread_evenly_and_a_spare_takes_over_from_a_killed_worker_which_costs_only_what_it_was_answering()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, Workers);
        await SpreadsAsync(node);
        await using var load = new PlainLoad(node, count: 24);
        await load.AdvanceAsync(each: 10);

        var victim = node.Workers[2];
        var others = node.Workers.Values.Where(worker => worker != victim).SelectMany(worker => SocketOwners.ClientsOf(worker, node.Port)).ToHashSet();
        var lost = SocketOwners.ClientsOf(victim, node.Port);
        Assert.NotEmpty(lost);
        Assert.Empty(load.Failures);
        await node.UntilAsync(() => node.Spare is not null);
        var spare = node.Spare;
        var killed = SupervisedNode.Kill([victim]);
        await node.UntilAsync(() => node.Workers[2] != victim);
        output.WriteLine($"Back after {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:0} ms; {load.Failures.Count} of {lost.Count} connections were asking.");
        await load.AdvanceAsync(each: 10);
        await load.DisposeAsync();

        Assert.Equal(spare, node.Workers[2]);
        Assert.True(load.Failures.Count <= lost.Count);
        Assert.All(load.Failures, failure => Assert.DoesNotContain(failure.Port, others));
        Assert.All(load.Failures, failure => Assert.Contains(failure.Port, lost));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task All_workers_and_the_spare_killed_at_once_refuse_nobody()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, Workers);
        await node.UntilAsync(() => node.Spare is not null);
        var (before, starts) = (node.Workers, node.Starts);
        var killed = SupervisedNode.Kill([node.Spare!.Value, .. before.Values]);
        await node.UntilAsync(() => before.Values.All(worker => !WatchedProcess.IsAlive(worker)));

        var clients = Enumerable.Range(0, 200).Select(_ => new PlainClient(node)).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync()));
        Assert.Equal(starts, node.Starts);
        var answers = await Task.WhenAll(clients.Select(client => client.AskAsync()));
        Assert.All(answers, status => Assert.Equal(200, status));
        await node.UntilAsync(() => node.Workers.All(worker => worker.Value != before[worker.Key]));
        output.WriteLine($"All back after {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:0} ms.");
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Replacing_all_workers_under_load_fails_no_request()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, Workers);
        var before = node.Workers;
        await using var kept = new PlainLoad(node, count: 16);
        await using var fresh = new PlainLoad(node, count: 4, keepAlive: false);
        await kept.AdvanceAsync(each: 5);
        node.Process.Send(Signal.Hangup);
        await node.UntilAsync(() => node.Process.Output.Contains("All workers were replaced", StringComparison.Ordinal));
        await kept.AdvanceAsync(each: 5);
        await kept.DisposeAsync();
        await fresh.DisposeAsync();
        output.WriteLine($"{kept.Answered} + {fresh.Answered} answered.");

        Assert.Empty(kept.Failures);
        Assert.Empty(fresh.Failures);
        Assert.All(node.Workers, worker => Assert.NotEqual(before[worker.Key], worker.Value));
        Assert.All(before.Values, worker => Assert.False(WatchedProcess.IsAlive(worker)));
    }

    /// <summary>Each of 300 connections is a throw of a die with three sides: 60 to 140 is five standard deviations around 100.</summary>
    private static async Task SpreadsAsync(SupervisedNode node)
    {
        var clients = Enumerable.Range(0, 300).Select(_ => new PlainClient(node)).ToList();
        await Task.WhenAll(clients.Select(client => client.AskAsync()));
        Assert.All(node.Workers.Values, worker => Assert.InRange(SocketOwners.ClientsOf(worker, node.Port).Count, 60, 140));
        clients.ForEach(client => client.Dispose());
    }
}
