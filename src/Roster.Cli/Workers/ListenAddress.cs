using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Roster.Cli.Settings;

namespace Roster.Cli.Workers;

/// <summary>An address to listen on, as Kestrel understands the same URL.</summary>
/// <param name="Url">As it was written.</param>
/// <param name="EndPoints">What it means: <c>localhost</c> is two, of which one may be missing.</param>
/// <param name="IsHttps">Whether TLS is spoken on it.</param>
internal sealed record ListenAddress(string Url, IReadOnlyList<IPEndPoint> EndPoints, bool IsHttps)
{
    /// <exception cref="SettingsException">It cannot be shared by workers.</exception>
    public static ListenAddress Parse(string url)
    {
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe || address.IsNamedPipe)
        {
            throw new SettingsException($"{url} cannot be divided among workers: write an address such as http://127.0.0.1:8080.");
        }

        return new ListenAddress(url, [.. AddressesOf(address.Host).Select(ip => new IPEndPoint(ip, address.Port))], address.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The same, on the port of a worker: the first worker's is the one that is written.</summary>
    /// <exception cref="SettingsException">There is no such port.</exception>
    public ListenAddress Of(int worker) => this with
    {
        EndPoints = [.. EndPoints.Select(point => new IPEndPoint(point.Address, PortOf(point.Port, worker)))],
    };

    private int PortOf(int first, int worker) => first + worker - 1 is var port && port <= IPEndPoint.MaxPort ? port
        : throw new SettingsException($"{Url} leaves no port for worker {worker}: ports end with {IPEndPoint.MaxPort}, so write a lower one.");

    /// <summary>A name that is no IP address means all addresses.</summary>
    private static IPAddress[] AddressesOf(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(host, out var ip) ? [ip]
        : Socket.OSSupportsIPv6 ? [IPAddress.IPv6Any] : [IPAddress.Any];
}
