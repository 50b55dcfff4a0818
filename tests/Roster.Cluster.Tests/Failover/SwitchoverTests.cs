using Roster.Lab.Histories;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Planned switchovers under a steady load of reads and writes: nothing is lost, and no request fails, as writes wait for the next leader.</summary>
public sealed class SwitchoverTests(ITestOutputHelper output)
{
    private const int Switches = 2;
    private const double LongestOutage = 10;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Nothing_is_lost_when_another_shall_lead()
    {
        await using var shard = await PatroniShard.StartAsync(members: 2, nodes: 2, new PatroniOptions());
        var run = new LoadRun(shard.Ways, Seed.Take(output));
        await run.WorkAsync(async () =>
        {
            await Task.Delay(2_000);
            for (var i = 0; i < Switches; i++)
            {
                var old = await shard.LeaderAsync();
                var from = run.Now;
                await shard.Patroni.SwitchOverAsync(shard.Patroni.Members.First(member => member != old));
                await shard.LeaderBesideAsync(old);
                await Task.Delay(2_000);
                await shard.Patroni.CompleteAsync(synchronous: true);
                var silence = run.LongestSilence(from, run.Now);
                output.WriteLine($"Writes were away for {silence:F1} s.");
                Assert.True(silence < LongestOutage);
                await Task.Delay(1_000);
            }
        });
        var verdict = HistoryChecker.Check(await run.HistoryAsync(staleness: null));
        output.WriteLine($"{run.Log.Count} operations, {run.Failed.Count} requests were answered 503.");
        Assert.True(verdict.Findings.Count == 0, string.Join('\n', verdict.Findings.Take(20)));
        Assert.True(run.Failed.IsEmpty, string.Join('\n', run.Failed.Take(20).Select(failed => failed.What)));
    }
}
