using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Floods;

/// <summary>
/// Floods of odd connections against a server that may have only so much memory: the collector is in no hurry without a
/// limit, and what it has not collected yet looks like a leak.
/// </summary>
public sealed class MemoryTests
{
    private const string Limit = "DOTNET_GCHeapHardLimit";
    private const int MaxHeap = 192 * 1024 * 1024;
    private const int Connections = 1_000;

    /// <summary>What each connection sends as far as it is taken: together five times the heap at once.</summary>
    private const int SentAhead = 1024 * 1024;

    /// <summary>16,000 connections: a leak of 12 KiB in each would be the whole heap.</summary>
    private const int Rounds = 16;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Flood_after_flood_fits_into_a_small_heap()
    {
        await using var server = await StartLimitedAsync();
        using var http = server.Connect();
        for (var round = 0; round < Rounds; round++)
        {
            await FloodAsync(server);
            using var ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        Assert.DoesNotContain("OutOfMemory", server.Process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Process.Errors, StringComparison.Ordinal);
    }

    private static async Task<RosterProcess> StartLimitedAsync()
    {
        Environment.SetEnvironmentVariable(Limit, $"{MaxHeap:x}");
        try
        {
            return await RosterProcess.StartAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Limit, null);
        }
    }

    /// <summary>Requests that break off, behind which as much is sent as is taken; all open at once, then gone without a word.</summary>
    private static async Task FloodAsync(RosterProcess server)
    {
        var body = Encoding.ASCII.GetBytes(new string(' ', SentAhead));
        string[] heads =
        [
            "POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n",
            $"GET /users/export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Key}\r\nContent-Length: 1000000\r\n\r\n",
            $"POST /users/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nAuthorization: Bearer {server.Key}\r\nContent-Length: 900000000\r\n\r\nname,email\n\"",
            "GET /users HTTP/1.1\r\nHost: x\r\nX: ",
        ];
        var sockets = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async n =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(heads[n % heads.Length]), SocketFlags.None, enough.Token);
                await socket.SendAsync(body, SocketFlags.None, enough.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Refused, or nothing more is taken: both are what is wanted.
            }

            return socket;
        }));
        Array.ForEach(sockets, socket => socket.Dispose());
    }
}
