using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Cluster.Tests.Processes;

namespace Roster.Cluster.Tests.Workers;

/// <summary>A client that repeats nothing by itself, as the framework's does: one connection, kept until the server says close.</summary>
internal sealed class PlainClient(SupervisedNode node) : IDisposable
{
    private readonly byte[] request = Encoding.ASCII.GetBytes(
        $"GET /users?limit=1 HTTP/1.1\r\nHost: 127.0.0.1:{node.Port}\r\nAuthorization: Bearer {node.Key}\r\n\r\n");

    private readonly byte[] buffer = new byte[8192];
    private Socket? socket;

    /// <summary>Where the connection comes from; 0 without one.</summary>
    public int Port => (socket?.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Opens the connection, if there is none.</summary>
    public async Task ConnectAsync()
    {
        if (socket is null)
        {
            var opened = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var deadline = new CancellationTokenSource(RosterProcess.Patience);
            try
            {
                await opened.ConnectAsync(IPAddress.Loopback, node.Port, deadline.Token);
            }
            catch
            {
                opened.Dispose();
                throw;
            }

            socket = opened;
        }
    }

    /// <summary>Asks once.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="SocketException">The connection was refused or reset.</exception>
    /// <exception cref="EndOfStreamException">It was closed without an answer.</exception>
    public async Task<int> AskAsync()
    {
        using var deadline = new CancellationTokenSource(RosterProcess.Patience);
        await ConnectAsync();
        try
        {
            await socket!.SendAsync(request, deadline.Token);
            var answer = await ReceiveAsync(socket, deadline.Token);
            if (answer.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
            {
                Dispose();
            }

            return int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    /// <summary>A head and its body, by length or in chunks.</summary>
    private async Task<string> ReceiveAsync(Socket from, CancellationToken cancellation)
    {
        for (var length = 0; ;)
        {
            var received = await from.ReceiveAsync(buffer.AsMemory(length), cancellation);
            length += received > 0 ? received : throw new EndOfStreamException("The connection was closed without an answer.");
            var text = Encoding.UTF8.GetString(buffer, 0, length);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && IsWhole(text[..head], Encoding.UTF8.GetByteCount(text[(head + 4)..]), text))
            {
                return text;
            }
        }
    }

    private static bool IsWhole(string head, int body, string text)
    {
        const string length = "\r\nContent-Length: ";
        var start = head.IndexOf(length, StringComparison.OrdinalIgnoreCase);
        return start < 0
            ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : body >= int.Parse(head[(start + length.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
