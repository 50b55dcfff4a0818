using System.Net;
using System.Net.Sockets;

namespace Roster.Lab;

/// <summary>Ports for servers on loopback, below the ephemeral ones: a client that polls an ephemeral port can connect to itself.</summary>
public static class LoopbackPorts
{
    private const int First = 20_000;
    private const int End = 32_000;

    /// <summary>A port that nobody listened on a moment ago.</summary>
    /// <exception cref="InvalidOperationException">None was found in 200 attempts.</exception>
    public static int Free()
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
