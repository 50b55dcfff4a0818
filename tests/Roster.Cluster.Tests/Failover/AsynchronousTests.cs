using Roster.Lab;
using Roster.Lab.Histories;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>The history checker is seen to fail: replication that commits do not wait for loses what was acknowledged last.</summary>
public sealed class AsynchronousTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_failover_without_synchronous_replication_loses_writes_and_is_found_out()
    {
        await using var shard = await PatroniShard.StartAsync(members: 2, nodes: 1, new PatroniOptions { Synchronous = false });
        var run = new LoadRun(shard.Ways, Seed.Take(output));
        await run.WorkAsync(async () =>
        {
            await Task.Delay(1_000);
            var old = await shard.LeaderAsync();
            var replica = shard.Patroni.Members.First(member => member != old);

            // The network hangs for a moment: the replica's receiver gets nothing, and nobody waits for it.
            var receiver = ProcessTree.Of(replica.PostmasterId!.Value).First(id => File.ReadAllText($"/proc/{id}/cmdline").Contains("walreceiver", StringComparison.Ordinal));
            Signal.Send(receiver, Signal.Stop);
            await Task.Delay(1_000);
            old.KillPostmaster();
            Signal.Send(receiver, Signal.Kill);
            await shard.LeaderBesideAsync(old);
            await Task.Delay(2_000);
        });
        var verdict = HistoryChecker.Check(await run.HistoryAsync(staleness: null));
        var lost = verdict.Findings.Where(finding => finding.Kind == FindingKind.Lost).ToList();
        output.WriteLine($"{lost.Count} writes are lost, and {verdict.Findings.Count - lost.Count} other findings follow from that. The first:\n{verdict.Findings[0]}");
        Assert.NotEmpty(lost);
    }
}
