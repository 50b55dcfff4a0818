using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Roster.Tests.Cli.Bench.Load;

/// <summary>A small HTTP server over real sockets that answers at once, but for one stall in which it answers nobody.</summary>
internal sealed class StallingServer : IAsyncDisposable
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> serving = [];
    private readonly Task accepting;
    private readonly long stallsAfter;
    private readonly TimeSpan stall;
    private long firstRequest;

    /// <param name="after">When it stalls, counted from the first request.</param>
    /// <param name="stall">For how long.</param>
    public StallingServer(TimeSpan after, TimeSpan stall)
    {
        (stallsAfter, this.stall) = ((long)(after.TotalSeconds * Stopwatch.Frequency), stall);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>When each request came, in <see cref="Stopwatch"/>'s ticks.</summary>
    public List<long> Arrivals { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(serving);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var buffer = new byte[4096];
            try
            {
                while (await client.GetStream().ReadAsync(buffer, end.Token) > 0)
                {
                    var now = Stopwatch.GetTimestamp();
                    Interlocked.CompareExchange(ref firstRequest, now, 0);
                    lock (Arrivals)
                    {
                        Arrivals.Add(now);
                    }

                    var stalls = firstRequest + stallsAfter;
                    var goesOn = stalls + (long)(stall.TotalSeconds * Stopwatch.Frequency);
                    if (now >= stalls && now < goesOn)
                    {
                        await Task.Delay(Stopwatch.GetElapsedTime(now, goesOn), end.Token);
                    }

                    await client.GetStream().WriteAsync(Answer, end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client or the test has ended.
            }
        }
    }
}
