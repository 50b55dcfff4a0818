using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>What workers cannot do is refused with a sentence.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task The_embedded_store_is_refused()
    {
        await using var node = RosterProcess.Prepare();
        var ended = await node.RunAsync("serve", "--urls", Free(), "--workers", "3");
        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Output));
        Assert.Contains("a file that one process owns", Assert.Single(Lines(ended.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_worker_that_cannot_start_ends_the_supervisor()
    {
        await using var database = await PostgresServer.StartAsync();
        await using var node = RosterProcess.Prepare(PostgresCluster.SettingsOf(database));
        var url = Free();
        var ended = await node.RunAsync("serve", "--urls", url, "--workers", "2");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("roster migrate", Lines(ended.Errors)[0], StringComparison.Ordinal);
        Assert.Equal("No worker was started, because the first one did not: what it said is above.", Lines(ended.Errors)[^1]);
        Assert.Contains("ended with exit code 1 before it was ready", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_another_supervisor_has_is_refused()
    {
        using var other = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        var port = LoopbackPorts.Free();
        other.SetRawSocketOption(1, 15, BitConverter.GetBytes(1));
        other.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
        other.Listen();
        await using var node = RosterProcess.Prepare(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Roster__Storage"] = "postgres", ["Roster__Shards__0__Primary"] = "Host=127.0.0.1;Port=1;Username=nobody",
        });
        var ended = await node.RunAsync("serve", "--urls", $"http://127.0.0.1:{port}", "--workers", "2");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("address already in use", Assert.Single(Lines(ended.Errors)), StringComparison.Ordinal);
    }

    private static string Free() => $"http://127.0.0.1:{LoopbackPorts.Free()}";

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
