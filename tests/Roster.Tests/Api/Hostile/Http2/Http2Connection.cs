using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;

namespace Roster.Tests.Api.Hostile.Http2;

/// <summary>An HTTP/2 connection over TLS that sends any frames, and keeps those that come.</summary>
internal sealed class Http2Connection : IDisposable
{
    private readonly ConcurrentQueue<Http2Frame> received = new();
    private readonly SslStream stream;
    private readonly ImpatientServer server;

    private Http2Connection(ImpatientServer server, Socket socket)
    {
        this.server = server;
        stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, shown, _, _) => server.Shows(shown));
    }

    /// <summary>What came so far, without the frames of data that were read past.</summary>
    public IReadOnlyList<Http2Frame> Received => [.. received];

    /// <summary>Ends when the server has closed the connection.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>Connects, and says what it has to say before anything else.</summary>
    /// <param name="server">The server.</param>
    /// <param name="reads">Whether anything is ever read.</param>
    /// <param name="settings">Settings other than the standard ones.</param>
    public static async Task<Http2Connection> OpenAsync(ImpatientServer server, bool reads = true, params Http2Frame[] settings)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.TlsUrl.Host, server.TlsUrl.Port);
        var connection = new Http2Connection(server, socket);
        await connection.stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        if (reads)
        {
            connection.Closed = Task.Run(connection.ReadAsync);
        }

        await connection.stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await connection.SendAsync([new Http2Frame(Http2Frame.Settings, 0, 0, []), .. settings]);
        return connection;
    }

    /// <summary>The header block of a request with an administrator's key.</summary>
    public byte[] Request(string method, string path, params (string Name, string Value)[] more) => Http2Frame.Block(
    [
        (":method", method), (":scheme", "https"), (":path", path), (":authority", server.TlsUrl.Authority), ("authorization", $"Bearer {server.Server.AdminKey}"), .. more,
    ]);

    /// <summary>A whole request without a body.</summary>
    public Http2Frame Get(int id, string path) =>
        new(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, id, Request("GET", path));

    /// <summary>Sends frames in one write; false when the server has closed.</summary>
    public Task<bool> SendAsync(params IEnumerable<Http2Frame> frames) => SendBytesAsync([.. frames.SelectMany(frame => frame.ToBytes())]);

    /// <summary>Sends bytes; false when the server has closed.</summary>
    public async Task<bool> SendBytesAsync(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(HostileConnection.Patience);
        try
        {
            await stream.WriteAsync(bytes, deadline.Token);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends frames in one write; false also when the server has not taken them within a second.</summary>
    public async Task<bool> SendSoonAsync(IEnumerable<Http2Frame> frames)
    {
        var sending = SendAsync(frames);
        return await Task.WhenAny(sending, Task.Delay(1000)) == sending && await sending;
    }

    /// <summary>Waits for the server to close.</summary>
    /// <returns>The error code of its GOAWAY; null when it went without one.</returns>
    public async Task<int?> GoodbyeAsync()
    {
        await Closed.WaitAsync(HostileConnection.Patience);
        return received.LastOrDefault(frame => frame.Type == Http2Frame.GoAway)?.ErrorCode;
    }

    /// <summary>Waits until a frame that fits came, or the server closed; null in that case.</summary>
    public async Task<Http2Frame?> FrameAsync(Func<Http2Frame, bool> fits)
    {
        using var deadline = new CancellationTokenSource(HostileConnection.Patience);
        while (true)
        {
            var closed = Closed.IsCompleted;
            if (received.FirstOrDefault(fits) is { } frame)
            {
                return frame;
            }

            if (closed)
            {
                return null;
            }

            await Task.Delay(10, deadline.Token);
        }
    }

    public void Dispose() => stream.Dispose();

    private async Task ReadAsync()
    {
        var head = new byte[Http2Frame.HeadBytes];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload);
                if (received.Count < 10_000)
                {
                    received.Enqueue(new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed by the server, or by the test.
        }
    }
}
