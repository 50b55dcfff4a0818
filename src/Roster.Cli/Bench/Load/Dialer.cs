using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Roster.Cli.Bench.Load;

/// <summary>Opens connections to one server.</summary>
internal sealed class Dialer(Uri url, IPAddress address)
{
    /// <summary>Finds the server's address; refuses one that is not this machine unless allowed.</summary>
    public static async ValueTask<Dialer> ToAsync(Uri url, bool allowRemote, CancellationToken cancellation)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellation);
        }
        catch (SocketException e)
        {
            throw new VerbException($"{url.Host} is unknown: {e.Message}.", inner: e);
        }

        return allowRemote || Array.TrueForAll(addresses, IPAddress.IsLoopback)
            ? new Dialer(url, addresses[0])
            : throw VerbException.Usage($"{url.Host} is not this machine: loading somebody's server needs --allow-remote.");
    }

    /// <summary>A new connection.</summary>
    public async ValueTask<HttpConnection> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, url.Port), cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (url.Scheme != "https")
            {
                return new HttpConnection(stream);
            }

            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.DnsSafeHost }, cancellation);
            return new HttpConnection(tls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
