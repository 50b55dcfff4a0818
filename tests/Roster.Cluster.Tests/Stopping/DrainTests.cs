using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Stopping;

/// <summary>A server that is told to stop answers what it has begun.</summary>
public sealed class DrainTests
{
    private const int Requests = 64;

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    public async Task Requests_whose_bodies_are_still_coming_are_answered(int signal)
    {
        await using var server = await RosterProcess.StartAsync();
        var slow = await Task.WhenAll(Enumerable.Range(0, Requests).Select(n => BeginAsync(server, n)));
        var stopped = server.StopAsync(signal);

        // Longer than the two seconds after which System.CommandLine would end the process by default.
        await Task.Delay(TimeSpan.FromSeconds(3));
        var answers = await Task.WhenAll(slow.Select(FinishAsync));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 201", answer, StringComparison.Ordinal));
        Assert.Equal(0, await stopped);

        // The lock is free, and nothing that was acknowledged is gone.
        await server.StartAgainAsync();
        using var http = server.Connect();
        using var all = await http.GetAsync(new Uri("/users/export", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        Assert.Equal(Requests, (await all.Content.ReadAsStringAsync()).Count(c => c == '\n'));
    }

    /// <summary>Sends the head and waits for 100: from then on the server is reading the body, so the request is in flight.</summary>
    private static async Task<(Socket Socket, byte[] Body)> BeginAsync(RosterProcess server, int number)
    {
        var body = Encoding.ASCII.GetBytes($$"""{"name":"Slow","email":"slow{{number}}@example.com"}""");
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /users HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync(body.AsMemory(0, body.Length / 2));
        return (socket, body);
    }

    private static async Task<string> FinishAsync((Socket Socket, byte[] Body) begun)
    {
        using var socket = begun.Socket;
        await socket.SendAsync(begun.Body.AsMemory(begun.Body.Length / 2));
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(RosterProcess.Patience);
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
    }
}
