using System.Net;
using System.Net.Sockets;
using System.Text;
using Roster.Lab;

namespace Roster.Cluster.Tests.Edge;

/// <summary>An address that takes each request whole, counts it, and closes without an answer: a node that dies at the worst moment.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, LoopbackPorts.Free());
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;
    private int requests;

    public ScriptedNode()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    /// <summary>How many it was sent.</summary>
    public int Requests => Volatile.Read(ref requests);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await serving;
        listener.Dispose();
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(end.Token);
                var text = string.Empty;
                while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await socket.ReceiveAsync(buffer, end.Token);
                    if (read == 0)
                    {
                        break;
                    }

                    text += Encoding.ASCII.GetString(buffer, 0, read);
                }

                Interlocked.Increment(ref requests);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
