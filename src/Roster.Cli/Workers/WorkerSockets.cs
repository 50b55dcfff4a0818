using System.Net;
using System.Net.Sockets;
using Roster.Cli.Settings;

namespace Roster.Cli.Workers;

/// <summary>
/// A worker's own sockets, one an address, bound beside those of the other workers (SO_REUSEPORT, socket(7)). The
/// supervisor holds them open as long as it lives: what waits in their queues outlives the worker. The worker itself
/// begins to listen, so that nobody is sent to one that was never ready.
/// </summary>
internal sealed class WorkerSockets : IDisposable
{
    private const int SocketLevel = 1;
    private const int ReusePort = 15;

    private readonly List<(Socket Socket, bool IsHttps)> sockets = [];

    private WorkerSockets()
    {
    }

    /// <summary>What the worker is told: <c>12=http,13=https</c>.</summary>
    public string Description => string.Join(',', sockets.Select(entry => $"{entry.Socket.Handle}={(entry.IsHttps ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}"));

    /// <summary>The descriptors, for the worker to inherit.</summary>
    public IEnumerable<int> Descriptors => sockets.Select(entry => (int)entry.Socket.Handle);

    /// <summary>Binds sockets for each worker.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="shared">Addresses that all of them share.</param>
    /// <param name="own">Addresses of the first; the others get the ports behind (metrics).</param>
    /// <param name="bound">URLs of the shared ones, with the ports that they got.</param>
    /// <exception cref="SettingsException">An address is in use, or is not this machine's.</exception>
    public static IReadOnlyList<WorkerSockets> Bind(int workers, IReadOnlyList<ListenAddress> shared, IReadOnlyList<ListenAddress> own, out IReadOnlyList<string> bound)
    {
        List<WorkerSockets> all = [.. Enumerable.Range(0, workers).Select(_ => new WorkerSockets())];
        try
        {
            bound = [.. shared.Select(address => Share(all, address))];
            foreach (var (worker, number) in all.Select((worker, i) => (worker, i + 1)))
            {
                own.Select(address => address.Of(number)).ToList().ForEach(address => Share([worker], address));
            }

            return all;
        }
        catch
        {
            all.ForEach(worker => worker.Dispose());
            throw;
        }
    }

    public void Dispose() => sockets.ForEach(entry => entry.Socket.Dispose());

    private static string Share(List<WorkerSockets> workers, ListenAddress address)
    {
        List<IPEndPoint> points = [];
        SocketException? missing = null;
        foreach (var point in address.EndPoints)
        {
            try
            {
                points.Add(ShareOne(workers, point, address.IsHttps));
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                missing = e;
            }
            catch (SocketException e)
            {
                throw Refused(address, e);
            }
        }

        return points.Count == 0 ? throw Refused(address, missing!)
            : address.EndPoints[0].Port == 0 ? $"{(address.IsHttps ? "https" : "http")}://{points[0]}" : address.Url.TrimEnd('/');
    }

    private static IPEndPoint ShareOne(List<WorkerSockets> workers, IPEndPoint point, bool isHttps)
    {
        if (point.Port != 0)
        {
            // Whoever shares ports too, a second supervisor above all, would otherwise get half of the connections unnoticed.
            Bind(point, reusesPort: false).Dispose();
        }

        foreach (var worker in workers)
        {
            var socket = Bind(point, reusesPort: true);
            worker.sockets.Add((socket, isHttps));
            point = (IPEndPoint)socket.LocalEndPoint!;
        }

        return point;
    }

    /// <summary>As Kestrel does, all of IPv6 is all of IPv4 too.</summary>
    private static Socket Bind(IPEndPoint point, bool reusesPort)
    {
        var socket = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (point.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            if (reusesPort)
            {
                socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            }

            socket.Bind(point);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SettingsException Refused(ListenAddress address, SocketException reason) =>
        new($"{address.Url} cannot be listened on ({reason.Message.ToLowerInvariant()}): choose another with --urls.");
}
