using System.Net.Sockets;
using System.Text;
using Roster.Tests.Api.Contract;
using Xunit;

namespace Roster.Tests.Api.BadInput;

/// <summary>One request as bytes over a socket of its own: what no HTTP client would send, and servers must stand.</summary>
public static class RawConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends a head (lines without a <c>Connection</c>) and a body with its length; null when the server closed without an answer.</summary>
    public static async Task<Answer?> SendAsync(Uri url, string head, ReadOnlyMemory<byte> body)
    {
        byte[] request = [.. Encoding.Latin1.GetBytes($"{head}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body.Span];
        var answer = await SendBytesAsync(url, request);
        if (answer is not null)
        {
            var lines = head.Split("\r\n");
            var first = lines[0].Split(' ');
            var type = lines.FirstOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?.Split(':', 2)[1].Trim();
            ApiContract.Served.Check(new Exchange(first[0], first[1], type, body, answer));
        }

        return answer;
    }

    /// <summary>Sends bytes as they are while it reads: a server may answer, and close, before it has taken everything.</summary>
    public static async Task<Answer?> SendBytesAsync(Uri url, ReadOnlyMemory<byte> request)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(url.Host, url.Port, deadline.Token);
        var stream = client.GetStream();
        var sending = WriteAsync(client, request, deadline.Token);
        var response = new MemoryStream();
        try
        {
            await stream.CopyToAsync(response, deadline.Token);
        }
        catch (IOException)
        {
            // Reset behind the answer, as what was sent was not all read.
        }

        await sending;
        return Parse(response.ToArray());
    }

    private static async Task WriteAsync(TcpClient client, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        try
        {
            await client.GetStream().WriteAsync(request, cancellation);
        }
        catch (IOException)
        {
            // The server has heard enough.
        }
    }

    private static Answer? Parse(byte[] response)
    {
        if (response.Length == 0)
        {
            return null;
        }

        var end = response.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, Encoding.Latin1.GetString(response));
        var lines = Encoding.Latin1.GetString(response, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1]);
        var body = response[(end + 4)..];
        return status == 100 ? Parse(body) : new Answer(status, headers, headers.ContainsKey("Transfer-Encoding") ? Joined(body) : body);
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (chunks.IndexOf("\r\n"u8) is var line && line > 0)
        {
            var length = Convert.ToInt32(Encoding.ASCII.GetString(chunks[..line]), 16);
            body.AddRange(chunks.Slice(line + 2, length));
            chunks = chunks[(line + length + 4)..];
        }

        return [.. body];
    }
}
