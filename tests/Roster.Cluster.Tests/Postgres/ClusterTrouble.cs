using Roster.Cluster.Tests.Processes;
using Roster.Lab;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>What happens to a cluster at random moments; everything runs again afterwards.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="longestPauseMs">Milliseconds for which a process may hang.</param>
internal sealed class ClusterTrouble(PostgresCluster cluster, int longestPauseMs)
{
    private int killed;
    private int paused;
    private int crashed;
    private int bounced;

    /// <summary>One trouble; its kinds take turns, so that few are enough to see all. A process that hangs may find a shard
    /// crashed when it goes on.</summary>
    public Task MakeAsync(int number, Random random) => (number % 5) switch
    {
        0 => KillNodeAsync(random),
        1 => CrashShardAsync(random),
        2 => PauseNodeAsync(random, () => Task.CompletedTask),
        3 => KillBouncerAsync(random),
        _ => PauseNodeAsync(random, () => CrashShardAsync(random)),
    };

    public override string ToString() =>
        $"{killed} times a process was killed (kill -9), {paused} times one was paused (SIGSTOP), {crashed} times a postmaster was killed with all its processes (kill -9), {bounced} times a pgbouncer (kill -9)";

    private async Task KillNodeAsync(Random random)
    {
        killed++;
        var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
        await node.KillAsync();
        await Task.Delay(random.Next(500));
        await SuperviseAsync(node);
    }

    private async Task CrashShardAsync(Random random)
    {
        crashed++;
        var shard = cluster.Shards[random.Next(cluster.Shards.Count)];
        await shard.KillAsync();
        await Task.Delay(random.Next(500));
        await shard.StartAgainAsync();
    }

    private async Task KillBouncerAsync(Random random)
    {
        bounced++;
        var bouncer = cluster.Bouncers[random.Next(cluster.Bouncers.Count)];
        await bouncer.KillAsync();
        await Task.Delay(random.Next(500));
        await bouncer.StartAgainAsync();
    }

    private async Task PauseNodeAsync(Random random, Func<Task> meanwhile)
    {
        paused++;
        var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
        node.Process.Send(Signal.Stop);
        await Task.Delay(random.Next(50, longestPauseMs));
        await meanwhile();
        node.Process.Send(Signal.Continue);
    }

    /// <summary>A pgbouncer refuses for a second after its server was away, and a process does not start without its shards.</summary>
    private static async Task SuperviseAsync(RosterProcess node)
    {
        for (var starts = 1; ; starts++)
        {
            try
            {
                await node.StartAgainAsync();
                return;
            }
            catch (InvalidOperationException) when (node.Process.HasExited && starts < 5)
            {
                await Task.Delay(300);
            }
        }
    }
}
