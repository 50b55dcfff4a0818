using System.Diagnostics;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench.Load;

/// <summary>
/// An open loop: requests start when they are due, however the server is doing, as people's do. A latency counts from the
/// time a request was meant to start, so one that had to wait for a free connection has waited; a generator that waits for
/// answers instead leaves out what a stall would have cost ("coordinated omission": Gil Tene, "How NOT to Measure Latency",
/// 2013; his wrk2 counts the same way).
/// </summary>
internal sealed class OpenLoop(Dialer dialer, int connections, Mix mix, RequestWriter writer, double rate) : ILoop
{
    /// <summary>How long what was due before the end may still take.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    /// <summary>The longest sleep: a run that is cancelled ends within it, and within it a waiting request finds a free connection.</summary>
    private static readonly long Longest = Stopwatch.Frequency / 1000;

    private readonly Lock gate = new();
    private readonly Stack<Exchange> free = [];
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrivalSchedule schedule;
    private long next;
    private long firstMeasured;
    private long end;
    private int underWay;

    /// <inheritdoc/>
    public async Task RunAsync(TimeSpan warmup, TimeSpan duration, long requests, BenchResult into, CancellationToken cancellation)
    {
        using var abort = new CancellationTokenSource();
        var exchanges = Enumerable.Range(0, connections).Select(_ => new Exchange(dialer)).ToArray();
        try
        {
            await Task.WhenAll(exchanges.Select(exchange => exchange.ConnectAsync(cancellation)));
            firstMeasured = ArrivalSchedule.Within(warmup, rate);
            end = firstMeasured + Math.Min(requests, ArrivalSchedule.Within(duration, rate));
            schedule = new ArrivalSchedule(Stopwatch.GetTimestamp(), rate);
            Array.ForEach(exchanges, free.Push);
            var pacer = new Thread(() => Pace(into, abort.Token, cancellation)) { IsBackground = true, Name = "pacer" };
            pacer.Start();
            var untilEnd = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), schedule.DueAt(end));
            await Task.WhenAny(done.Task, Task.Delay(untilEnd + LastAnswers, cancellation));
            cancellation.ThrowIfCancellationRequested();
            CloseBooks(into);
            await abort.CancelAsync();
            pacer.Join();
            await WaitForLastAsync();
        }
        finally
        {
            await abort.CancelAsync();
            Array.ForEach(exchanges, exchange => exchange.Dispose());
        }
    }

    /// <summary>Starts requests that are due on free connections; those that are busy look for the next themselves.</summary>
    private void Pace(BenchResult result, CancellationToken abort, CancellationToken cancellation)
    {
        Pause.BePunctual();
        while (!cancellation.IsCancellationRequested && !abort.IsCancellationRequested)
        {
            long wait;
            Exchange? exchange = null;
            long number = 0;
            lock (gate)
            {
                if (next >= end)
                {
                    return;
                }

                wait = schedule.DueAt(next) - Stopwatch.GetTimestamp();
                if (wait <= 0)
                {
                    wait = free.TryPop(out exchange) ? 0 : Longest;
                    number = exchange is null ? 0 : Take(result);
                }
            }

            if (exchange is null)
            {
                Pause.For(Math.Min(wait, Longest));
            }
            else
            {
                Late(result, number, Math.Max(schedule.DueAt(number), exchange.FreeSince));
                _ = ServeAsync(exchange, number, result, abort);
            }
        }
    }

    /// <summary>Holding the gate: the next request's number.</summary>
    private long Take(BenchResult result)
    {
        if (next == firstMeasured)
        {
            result.Start(schedule.DueAt(next));
        }

        underWay++;
        return next++;
    }

    private void Late(BenchResult result, long number, long possibleSince)
    {
        if (number >= firstMeasured)
        {
            result.AddSchedulingDelay(Stopwatch.GetElapsedTime(possibleSince));
        }
    }

    private async Task ServeAsync(Exchange exchange, long number, BenchResult result, CancellationToken abort)
    {
        while (true)
        {
            var operation = mix.Next(Random.Shared);
            int status;
            try
            {
                status = await exchange.SendAsync(writer, operation, abort);
            }
            catch (OperationCanceledException)
            {
                status = Status.Unanswered;
            }

            if (number >= firstMeasured)
            {
                result.Add(operation, status, Stopwatch.GetElapsedTime(schedule.DueAt(number)));
            }

            lock (gate)
            {
                underWay--;
                exchange.FreeSince = Stopwatch.GetTimestamp();
                var waits = next < end && !abort.IsCancellationRequested && schedule.DueAt(next) <= exchange.FreeSince;
                if (!waits)
                {
                    free.Push(exchange);
                    if (next >= end && underWay == 0)
                    {
                        done.TrySetResult();
                    }

                    return;
                }

                number = Take(result);

                // Waiting although another connection is free: the pacer is late, not the server.
                Late(result, number, free.Count > 0 ? schedule.DueAt(number) : exchange.FreeSince);
            }
        }
    }

    /// <summary>What never found a connection is counted, too: it is no success.</summary>
    private void CloseBooks(BenchResult result)
    {
        lock (gate)
        {
            while (next < end)
            {
                if (next == firstMeasured)
                {
                    result.Start(schedule.DueAt(next));
                }

                if (next++ >= firstMeasured)
                {
                    result.Add(mix.Next(Random.Shared), Status.Unsent, TimeSpan.Zero);
                }
            }

            result.End(schedule.DueAt(end));
        }
    }

    private async Task WaitForLastAsync()
    {
        for (var patience = 100; patience > 0; patience--)
        {
            lock (gate)
            {
                if (underWay == 0)
                {
                    return;
                }
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }
}
