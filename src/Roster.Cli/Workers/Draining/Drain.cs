using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Roster.Cli.Workers.Draining;

/// <summary>
/// The end of a worker without a failed request. Kestrel closes idle connections at once when it stops, and a request that
/// is on its way then is lost; so before that no more connections are taken, which leaves them to others on the same
/// socket, and every answer says that it is its connection's last one, until no connection is left or the time is over.
/// </summary>
internal sealed class Drain(TimeProvider time) : IHostedLifecycleService
{
    /// <summary>How long idle connections may go on; a client of a busy one asks again sooner.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly List<IConnectionListener> listeners = [];
    private volatile bool begun;
    private int open;

    /// <summary>Whether every answer is its connection's last.</summary>
    public bool HasBegun => begun;

    /// <summary>A socket whose connections are counted.</summary>
    public void Listens(IConnectionListener listener) => listeners.Add(listener);

    /// <summary>A connection was taken.</summary>
    public void Opened(ConnectionContext connection)
    {
        Interlocked.Increment(ref open);
        connection.ConnectionClosed.UnsafeRegister(static state => Interlocked.Decrement(ref ((Drain)state!).open), this);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        begun = true;
        foreach (var listener in listeners)
        {
            await listener.UnbindAsync(cancellationToken);
        }

        for (var start = time.GetTimestamp(); Volatile.Read(ref open) > 0 && time.GetElapsedTime(start) < Limit;)
        {
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
