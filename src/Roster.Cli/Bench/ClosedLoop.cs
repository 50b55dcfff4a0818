using System.Diagnostics;

namespace Roster.Cli.Bench;

/// <summary>
/// A closed loop: each connection sends its next request when the last was answered. It finds the highest rate; its
/// latencies are those at that rate, and hide what waits outside (coordinated omission).
/// </summary>
internal sealed class ClosedLoop(Dialer dialer, int connections, Func<RequestBuffer, ReadOnlyMemory<byte>> next)
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long requests under way at the end may still take: they are answered, not cut off.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private volatile BenchResult? result;
    private long left = long.MaxValue;

    /// <summary>Called with each success's body.</summary>
    public Action<ReadOnlyMemory<byte>>? Succeeded { get; init; }

    /// <summary>Runs without measuring, then measures.</summary>
    /// <param name="warmup">Time before anything counts.</param>
    /// <param name="duration">Time measured.</param>
    /// <param name="requests">Requests measured at most.</param>
    /// <param name="into">Receives what is measured.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public async Task RunAsync(
        TimeSpan warmup, TimeSpan duration, long requests, BenchResult into, CancellationToken cancellation)
    {
        using var abort = new CancellationTokenSource();
        var running = Task.CompletedTask;
        if (warmup > TimeSpan.Zero)
        {
            running = StartAll(abort.Token);
            await PauseAsync(warmup, running, cancellation);
        }

        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Interlocked.Exchange(ref left, requests);
        result = into;
        running = warmup > TimeSpan.Zero ? running : StartAll(abort.Token);
        await PauseAsync(duration, running, cancellation);
        (into.Elapsed, into.ClientCpu) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
        result = null;
        Interlocked.Exchange(ref left, 0);
        abort.CancelAfter(LastAnswers);
        await running;
    }

    private Task StartAll(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(cancellation), CancellationToken.None)));

    private static async Task PauseAsync(TimeSpan time, Task running, CancellationToken cancellation) =>
        await Task.WhenAny(running, Task.Delay(time, cancellation));

    private async Task LoopAsync(CancellationToken cancellation)
    {
        HttpConnection? connection = null;
        var request = new RequestBuffer();
        try
        {
            while (!cancellation.IsCancellationRequested && Interlocked.Decrement(ref left) >= 0)
            {
                var measured = result;
                var start = Stopwatch.GetTimestamp();
                var status = 0;
                try
                {
                    connection ??= await dialer.ConnectAsync(cancellation);
                    status = await connection.SendAsync(next(request), cancellation);
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidDataException)
                {
                    connection?.Dispose();
                    connection = null;
                }

                measured?.Add(status, Stopwatch.GetElapsedTime(start));
                if (connection is null)
                {
                    await Task.Delay(ReconnectPause, cancellation);
                    continue;
                }

                if (status is >= 200 and < 300)
                {
                    Succeeded?.Invoke(connection.Body);
                }

                if (!connection.IsOpen)
                {
                    connection.Dispose();
                    connection = null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server did not answer in time, after the end of the run.
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
