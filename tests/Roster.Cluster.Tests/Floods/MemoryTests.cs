using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Floods;

/// <summary>A flood of odd connections leaves nothing behind in the server's own memory.</summary>
public sealed class MemoryTests
{
    private const int Connections = 1_000;
    private const int SentAhead = 1024 * 1024;

    /// <summary>KiB. A thousand connections that each kept what they sent would be a GiB.</summary>
    private const long AtOnce = 400 * 1024;

    /// <summary>KiB. A leak of what a connection sent would be a GiB again; of 16 KiB in each, 48 MiB.</summary>
    private const long LeftBehind = 32 * 1024;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Memory_is_bounded_during_a_flood_and_free_after_it()
    {
        await using var server = await RosterProcess.StartAsync();
        using var http = server.Connect();
        var start = OwnMemory(server);
        var first = await FloodAsync(server);
        Assert.True(first - start < AtOnce, $"{Connections} connections took {first - start} KiB.");
        await FloodAsync(server);
        var warm = OwnMemory(server);
        for (var round = 0; round < 3; round++)
        {
            await FloodAsync(server);
        }

        var end = OwnMemory(server);
        Assert.True(end - warm < LeftBehind, $"From {warm} to {end} KiB in three floods.");
        using var ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.DoesNotContain("   at ", server.Process.Errors, StringComparison.Ordinal);
    }

    /// <summary>Requests that break off, behind which as much is sent as is taken; all open at once, then gone without a word.</summary>
    /// <returns>KiB while all are open.</returns>
    private static async Task<long> FloodAsync(RosterProcess server)
    {
        var body = Encoding.ASCII.GetBytes(new string(' ', SentAhead));
        string[] heads =
        [
            $"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n",
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
        var open = OwnMemory(server);
        Array.ForEach(sockets, socket => socket.Dispose());
        return open;
    }

    /// <summary>KiB that are the process's own: without mapped files, such as the database.</summary>
    private static long OwnMemory(RosterProcess server) => long.Parse(
        File.ReadLines($"/proc/{server.Process.Id}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
            .Split(':', 2)[1].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
