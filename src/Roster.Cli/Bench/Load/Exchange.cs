using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Roster.Cli.Bench.Requests;

namespace Roster.Cli.Bench.Load;

/// <summary>One place at the server: a connection that is opened when it is needed, and again when it broke.</summary>
internal sealed class Exchange(Dialer dialer) : IDisposable
{
    private readonly RequestBuffer buffer = new();
    private HttpConnection? connection;

    /// <summary>When this place became free, in <see cref="System.Diagnostics.Stopwatch"/>'s ticks.</summary>
    public long FreeSince { get; set; }

    /// <summary>The last answer's body; valid until the next request.</summary>
    public ReadOnlyMemory<byte> Body => connection?.Body ?? default;

    /// <summary>Whether this is how a connection fails.</summary>
    public static bool IsBreak(Exception e) => e is IOException or SocketException or InvalidDataException or AuthenticationException;

    /// <summary>Connects before there is anything to send; a failure shows with the first request.</summary>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            connection ??= await dialer.ConnectAsync(cancellation);
        }
        catch (Exception e) when (IsBreak(e))
        {
            connection = null;
        }
    }

    /// <summary>Sends a request and reads its answer whole.</summary>
    /// <returns>The status; 0 when the connection broke.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(RequestWriter writer, Operation operation, CancellationToken cancellation)
    {
        try
        {
            if (connection is { IsOpen: false })
            {
                connection.Dispose();
                connection = null;
            }

            connection ??= await dialer.ConnectAsync(cancellation);
            return await connection.SendAsync(writer.Write(operation, buffer), cancellation);
        }
        catch (Exception e) when (IsBreak(e))
        {
            connection?.Dispose();
            connection = null;
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => connection?.Dispose();
}
