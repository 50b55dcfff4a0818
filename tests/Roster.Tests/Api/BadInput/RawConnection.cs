using System.Net.Sockets;
using System.Text;
using Roster.Tests.Api.Contract;

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
        return Responses.In(response.ToArray(), ended: true).FirstOrDefault(answer => answer.Status != 100);
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
}
