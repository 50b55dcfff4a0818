using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>The end of a supervisor is the end of its workers.</summary>
public sealed class StoppingTests(MigratedServer server) : IClassFixture<MigratedServer>
{
    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public async Task Requests_that_are_still_coming_are_answered(int signal)
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, workers: 2);
        var workers = node.Workers.Values.ToList();
        var slow = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => BeginAsync(node, $"slow{signal}.{n}@example.com")));
        node.Process.Send(signal);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        var answers = await Task.WhenAll(slow.Select(FinishAsync));

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 201", answer, StringComparison.Ordinal));
        Assert.Equal(0, await node.Process.WaitAsync(RosterProcess.Patience));
        Assert.All(workers, worker => Assert.False(WatchedProcess.IsAlive(worker)));
    }

    [Fact]
    public async Task A_killed_supervisor_leaves_no_worker_and_a_free_port()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, workers: 2);
        var workers = node.Workers.Values.ToList();
        node.Process.Kill();
        await LabProcess.UntilAsync(() => !workers.Exists(WatchedProcess.IsAlive), () => "A worker is an orphan.");

        // The spare has no number, and holds the sockets too.
        await LabProcess.UntilAsync(() => IsFree(node.Port), () => "Somebody holds the port.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException busy) when (busy.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>The server has read the head, and waits for the body.</summary>
    private static async Task<(Socket Socket, byte[] Body)> BeginAsync(SupervisedNode node, string email)
    {
        var body = Encoding.ASCII.GetBytes($$"""{"name":"Slow","email":"{{email}}"}""");
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /users HTTP/1.1\r\nHost: 127.0.0.1:{node.Port}\r\nAuthorization: Bearer {node.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(socket), StringComparison.Ordinal);
        return (socket, body);
    }

    private static async Task<string> FinishAsync((Socket Socket, byte[] Body) begun)
    {
        using var socket = begun.Socket;
        await socket.SendAsync(begun.Body);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(RosterProcess.Patience);
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
    }
}
