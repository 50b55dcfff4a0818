using System.Net;
using System.Net.Sockets;

namespace Roster.Cli.Doctor;

/// <summary>Every address to listen on is free, or answered by a Roster.</summary>
internal sealed class ListenCheck : ICheck
{
    public async ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation)
    {
        List<Finding> found = [];
        foreach (var url in patient.Settings.Urls)
        {
            found.Add(await FindAsync(url, cancellation));
        }

        return found;
    }

    private static async ValueTask<Finding> FindAsync(string url, CancellationToken cancellation)
    {
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(url);
        var isLocal = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
        var everywhere = !isLocal && !address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        ip = everywhere ? IPAddress.IPv6Any : ip ?? IPAddress.Loopback;
        var asked = ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : $"{ip}";
        return address.Port == 0
            ? Finding.Ok($"{url} takes any free port.")
            : await Readiness.AskAsync(new Uri($"{address.Scheme}://{asked}:{address.Port}"), cancellation) ?? Free(url, ip, address.Port);
    }

    private static Finding Free(string url, IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return Finding.Ok($"{url} is free.");
        }
        catch (SocketException e)
        {
            return Finding.Wrong($"{url} cannot be listened on ({e.Message}): choose another with --urls.");
        }
    }
}
