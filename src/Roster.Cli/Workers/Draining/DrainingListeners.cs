using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Roster.Cli.Workers.Draining;

/// <summary>Kestrel's own sockets, whose connections <see cref="Drain"/> counts, and whose accepting it can end.</summary>
internal sealed class DrainingListeners(Drain drain, IOptions<SocketTransportOptions> options, ILoggerFactory logs)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>What may wait while a worker is replaced; the system's own limit (net.core.somaxconn) is 4096 as well.</summary>
    private const int Queue = 4096;

    public bool CanBind(EndPoint endpoint) => endpoint is FileHandleEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        options.Value.Backlog = Queue;
        var listener = new Listener(await new SocketTransportFactory(options, logs).BindAsync(endpoint, cancellationToken), drain);
        drain.Listens(listener);
        return listener;
    }

    private sealed class Listener(IConnectionListener sockets, Drain drain) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await sockets.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                drain.Opened(connection);
            }

            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
