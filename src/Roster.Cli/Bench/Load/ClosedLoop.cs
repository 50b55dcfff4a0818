using System.Diagnostics;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench.Load;

/// <summary>
/// A closed loop: each connection sends its next request when the last was answered. It finds the highest rate; its
/// latencies are those at that rate, and hide what waits outside (coordinated omission).
/// </summary>
internal sealed class ClosedLoop(Dialer dialer, int connections, Mix mix, RequestWriter writer) : ILoop
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long requests under way at the end may still take: they are answered, not cut off.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private volatile BenchResult? result;
    private long left = long.MaxValue;

    /// <summary>Called with each success's body.</summary>
    public Action<ReadOnlyMemory<byte>>? Succeeded { get; init; }

    /// <inheritdoc/>
    public async Task RunAsync(TimeSpan warmup, TimeSpan duration, long requests, BenchResult into, CancellationToken cancellation)
    {
        using var abort = new CancellationTokenSource();
        var running = Task.CompletedTask;
        if (warmup > TimeSpan.Zero)
        {
            running = StartAll(abort.Token);
            await PauseAsync(warmup, running, cancellation);
        }

        Interlocked.Exchange(ref left, requests);
        into.Start();
        result = into;
        running = warmup > TimeSpan.Zero ? running : StartAll(abort.Token);
        await PauseAsync(duration, running, cancellation);
        into.End();
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
        using var exchange = new Exchange(dialer);
        var (operation, measured) = (mix.Next(Random.Shared), result);
        try
        {
            while (!cancellation.IsCancellationRequested && Interlocked.Decrement(ref left) >= 0)
            {
                measured = result;
                var start = Stopwatch.GetTimestamp();
                var status = await exchange.SendAsync(writer, operation, cancellation);
                measured?.Add(operation, status, Stopwatch.GetElapsedTime(start));
                if (Status.IsSuccess(status))
                {
                    Succeeded?.Invoke(exchange.Body);
                }
                else if (status == Status.Broken)
                {
                    await Task.Delay(ReconnectPause, cancellation);
                }

                operation = mix.Next(Random.Shared);
            }
        }
        catch (OperationCanceledException)
        {
            measured?.Add(operation, Status.Unanswered, TimeSpan.Zero);
        }
    }
}
