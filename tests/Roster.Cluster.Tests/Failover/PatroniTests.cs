using System.Diagnostics;
using Roster.Lab;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>The lab's Patroni fails over, switches over and leaves nothing behind.</summary>
public sealed class PatroniTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Members_take_over_from_each_other_and_leave_nothing_behind()
    {
        await using var etcd = await EtcdServer.StartAsync();
        var cluster = await PatroniCluster.StartAsync("shard0", 2, etcd, new PatroniOptions());
        List<int> processes = [];
        var start = 0L;
        await using (cluster)
        {
            var first = await cluster.LeaderAsync();
            Assert.Same(cluster.Members[0], first);
            start = Stopwatch.GetTimestamp();
            first!.KillPostmaster();
            var second = await LeaderBesideAsync(cluster, first);
            output.WriteLine($"A killed postmaster: another leads after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s.");
            await cluster.CompleteAsync(synchronous: true);

            start = Stopwatch.GetTimestamp();
            await cluster.SwitchOverAsync(first);
            Assert.Same(first, await LeaderBesideAsync(cluster, second));
            output.WriteLine($"A switchover took {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s.");
            await cluster.CompleteAsync(synchronous: true);

            second.Pause();
            processes.AddRange(cluster.Members.SelectMany(member => (int[])[member.ProcessId, .. ProcessTree.Of(member.PostmasterId!.Value)]));
            start = Stopwatch.GetTimestamp();
        }

        output.WriteLine($"Its end took {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s.");
        Assert.True(processes.Count > 10);
        Assert.All(processes, id => Assert.False(WatchedProcess.IsAlive(id)));
    }

    private static async Task<PatroniMember> LeaderBesideAsync(PatroniCluster cluster, PatroniMember old)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(40); await Task.Delay(50))
        {
            if (await cluster.LeaderAsync() is { } leader && leader != old)
            {
                return leader;
            }
        }

        throw new TimeoutException("Nobody else leads.");
    }
}
