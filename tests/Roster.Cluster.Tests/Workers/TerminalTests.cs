using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>SIGHUP by whoever sends it, and by a terminal that is closed; a real terminal each time.</summary>
public sealed class TerminalTests(MigratedServer server) : IClassFixture<MigratedServer>
{
    /// <param name="shell">The supervisor is the terminal's first process, or the shell is; what it writes goes there, or somewhere that goes on.</param>
    [Theory]
    [InlineData("exec $line")]
    [InlineData("$line; :")]
    [InlineData("$line | (trap '' HUP; cat)")]
    public async Task A_closed_terminal_ends_the_supervisor_and_its_workers_while_SIGHUP_alone_replaces_them(string shell)
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, workers: 2, ServerProgram.Roster.InTerminal(shell));
        await node.UntilAsync(() => node.Spare is not null);
        var (before, spare) = (node.Workers, node.Spare);
        Signal.Send(node.Supervisor!.Value, Signal.Hangup);
        await node.UntilAsync(() => node.Process.Output.Contains("All workers were replaced", StringComparison.Ordinal));
        Assert.All(node.Workers, worker => Assert.NotEqual(before[worker.Key], worker.Value));
        await node.UntilAsync(() => node.Spare != spare);

        List<int> all = [node.Supervisor!.Value, node.Spare!.Value, .. node.Workers.Values];
        Assert.All(all, process => Assert.True(WatchedProcess.IsAlive(process)));
        node.Process.Kill();
        await LabProcess.UntilAsync(() => !all.Exists(WatchedProcess.IsAlive), () => $"Of {string.Join(", ", all)} there are left: {string.Join(", ", all.Where(WatchedProcess.IsAlive))}.");
    }
}
