using System.Net;
using System.Net.Sockets;

namespace Roster.Cluster.Tests.Processes;

/// <summary>Ports for servers, below the ephemeral ones: a client that polls an ephemeral port can connect to itself.</summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A loopback port that nobody listened on a moment ago.</summary>
    public static int Find()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }

        throw new InvalidOperationException($"No free port from {First} to {End}.");
    }
}
