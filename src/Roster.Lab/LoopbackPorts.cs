using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Roster.Lab;

/// <summary>Ports for servers on loopback, below those that the system gives to clients: a server must not find its own taken by one.</summary>
public static class LoopbackPorts
{
    private const int First = 20_000;
    private const int BeyondLast = 32_000;

    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, BeyondLast);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's already.
            }
        }
    }
}
