using System.Net;
using System.Net.Sockets;

namespace Roster.Lab.Proxies;

/// <summary>
/// Passes TCP on to a server on loopback, and can be told to be slow: so many bytes a second towards it, over all connections together,
/// or a delay for each piece. So a database's capacity becomes what a test says. Ends with its process.
/// </summary>
public sealed class SlowProxy : IAsyncDisposable
{
    /// <summary>Small, so that a slow way is slow evenly.</summary>
    private const int Piece = 4 * 1024;

    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, LoopbackPorts.Free());
    private readonly int target;
    private readonly Pacer pacer = new();
    private readonly Task accepting;
    private long bytes;

    private SlowProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Bytes that went to the server so far.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Bytes a second towards the server, at most; null for any number.</summary>
    public double? BytesPerSecond
    {
        get => pacer.Rate;
        set => pacer.Rate = value;
    }

    /// <summary>How long each piece is held before it goes on towards the server.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Listens on a port of its own.</summary>
    /// <param name="target">The server's port on loopback.</param>
    public static SlowProxy Before(int target) => new(target);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                open.RemoveAll(task => task.IsCompleted);
                open.Add(PassAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token))
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
                await Task.WhenAny(PassAsync(client, server, isSlow: true, end.Token), PassAsync(server, client, isSlow: false, end.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One of the two has gone, and so does the other.
            }

            await end.CancelAsync();
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool isSlow, CancellationToken cancellation)
    {
        var piece = new byte[Piece];
        try
        {
            while (await from.ReceiveAsync(piece, cancellation) is var count and > 0)
            {
                if (isSlow)
                {
                    Interlocked.Add(ref bytes, count);
                    var wait = pacer.Take(count) + Delay;
                    if (wait > TimeSpan.Zero)
                    {
                        await Task.Delay(wait, cancellation);
                    }
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(piece.AsMemory(sent, count - sent), cancellation);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
