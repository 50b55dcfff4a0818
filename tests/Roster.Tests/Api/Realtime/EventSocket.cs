using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Roster.Tests.Api.Realtime;

/// <summary>A stream of events over a socket of its own: the bytes as they are on the wire, and the blocks in them.</summary>
public sealed class EventSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder body = new();
    private int read;
    private string undecoded = string.Empty;

    private EventSocket()
    {
    }

    /// <summary>Status line and headers.</summary>
    public string Head { get; private set; } = string.Empty;

    /// <summary>All of the body so far, without the chunks that it came in.</summary>
    public string Body => Utf8(body.ToString());

    /// <summary>The last id, as a browser would send it.</summary>
    public string? LastId { get; private set; }

    /// <summary>Opens a stream, and reads its head.</summary>
    public static async Task<EventSocket> OpenAsync(Uri url, string? key, string target = "/events", string? lastEventId = null, int window = 0, string method = "GET")
    {
        var stream = new EventSocket();
        if (window > 0)
        {
            stream.socket.ReceiveBufferSize = window;
        }

        await stream.socket.ConnectAsync(url.Host, url.Port);
        var authorization = key is null ? "" : $"Authorization: Bearer {key}\r\n";
        var last = lastEventId is null ? "" : $"Last-Event-ID: {lastEventId}\r\n";
        await stream.socket.SendAsync(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {url.Authority}\r\n{authorization}{last}\r\n"));
        await stream.ReadHeadAsync();
        return stream;
    }

    /// <summary>The next block that holds an event: its fields by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NextEventAsync()
    {
        while (true)
        {
            var block = await NextBlockAsync() ?? throw new InvalidOperationException($"The stream ended: {Body}");
            if (block.ContainsKey("data"))
            {
                return block;
            }
        }
    }

    /// <summary>The next block, heartbeats too; null when the stream has ended.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> NextBlockAsync()
    {
        string raw;
        int end;
        while ((end = (raw = body.ToString()).IndexOf("\n\n", read, StringComparison.Ordinal)) < 0)
        {
            if (!await ReceiveAsync())
            {
                return null;
            }
        }

        var lines = Utf8(raw[read..end]).Split('\n');
        read = end + 2;
        var block = lines.Where(line => !line.StartsWith(':')).ToDictionary(line => line.Split(": ", 2)[0], line => line.Split(": ", 2)[1], StringComparer.Ordinal);
        LastId = block.GetValueOrDefault("id", LastId!);
        return block;
    }

    /// <summary>Reads all that is left.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> RestAsync()
    {
        List<IReadOnlyDictionary<string, string>> rest = [];
        while (await NextBlockAsync() is { } block)
        {
            rest.Add(block);
        }

        return rest;
    }

    public void Dispose() => socket.Dispose();

    // Chunks are counted in bytes, and may part a character.
    private static string Utf8(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));

    private async Task ReadHeadAsync()
    {
        int end;
        while ((end = undecoded.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            Assert.True(await ReceiveRawAsync(), "The server closed without an answer.");
        }

        (Head, undecoded) = (undecoded[..end], undecoded[(end + 4)..]);
        Decode();
    }

    private async Task<bool> ReceiveAsync()
    {
        var before = body.Length;
        while (body.Length == before)
        {
            if (undecoded.StartsWith("0\r\n", StringComparison.Ordinal) || !await ReceiveRawAsync())
            {
                return false;
            }

            Decode();
        }

        return true;
    }

    private void Decode()
    {
        while (undecoded.IndexOf("\r\n", StringComparison.Ordinal) is var line and > 0
            && Convert.ToInt32(undecoded[..line], 16) is var length and > 0 && undecoded.Length >= line + 2 + length + 2)
        {
            body.Append(undecoded, line + 2, length);
            undecoded = undecoded[(line + 2 + length + 2)..];
        }
    }

    private async Task<bool> ReceiveRawAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        try
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token);
            undecoded += Encoding.Latin1.GetString(buffer, 0, received);
            return received > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
