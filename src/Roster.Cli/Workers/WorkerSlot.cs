using System.ComponentModel;
using System.Globalization;
using System.Threading.Channels;

namespace Roster.Cli.Workers;

/// <summary>A worker's place: its sockets, and the process that serves them now; when it dies, the next one.</summary>
internal sealed class WorkerSlot(int number, WorkerSockets sockets, WorkerProgram program, Spare spare, TimeProvider time)
{
    /// <summary>Longer than a server takes to drain.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(45);

    private readonly Backoff backoff = new();
    private readonly Channel<TaskCompletionSource> replacements = Channel.CreateBounded<TaskCompletionSource>(1);
    private readonly TaskCompletionSource wasReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerProcess? current;
    private long readySince;

    /// <summary>Ends when a process has been ready for the first time.</summary>
    public Task WasReady => wasReady.Task;

    /// <summary>Starts the first process, once; whether it got ready.</summary>
    public async Task<bool> TryStartAsync(CancellationToken stop)
    {
        current = await StartAsync(mayBeSpare: false, stop);
        return current is not null;
    }

    /// <summary>Keeps a process running until it is stopped; then lets the last one answer what it has begun.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                current ??= await StartAgainAsync(stop);
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var asked = replacements.Reader.WaitToReadAsync(waiting.Token).AsTask();
                await Task.WhenAny(current.Ended, asked);
                stop.ThrowIfCancellationRequested();
                await waiting.CancelAsync();
                if (current.Ended.IsCompletedSuccessfully)
                {
                    await BuryAsync(current, stop);
                }
                else if (replacements.Reader.TryRead(out var replaced))
                {
                    await ReplaceAsync(current, replaced, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await (current is null ? Task.CompletedTask : RetireAsync(current));
        }
    }

    /// <summary>Has a new process take over; ends when the old one has answered what it had begun, or the new one has not started.</summary>
    public async Task ReplaceAsync(CancellationToken stop)
    {
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await replacements.Writer.WriteAsync(replaced, stop);
        await replaced.Task.WaitAsync(stop);
    }

    private async Task BuryAsync(WorkerProcess dead, CancellationToken stop)
    {
        var pause = backoff.After(time.GetElapsedTime(readySince));
        program.Tell($"{Named(dead)} {await dead.Ended}: started again{In(pause)}.");
        current = null;
        dead.Dispose();
        await Task.Delay(pause, time, stop);
    }

    private async Task<WorkerProcess> StartAgainAsync(CancellationToken stop)
    {
        while (true)
        {
            if (await StartAsync(mayBeSpare: true, stop) is { } started)
            {
                return started;
            }

            var pause = backoff.After(TimeSpan.Zero);
            program.Tell($"Worker {number} did not start: tried again{In(pause)}.");
            await Task.Delay(pause, time, stop);
        }
    }

    /// <summary>The old one serves until the new one does, on the same sockets.</summary>
    private async Task ReplaceAsync(WorkerProcess old, TaskCompletionSource replaced, CancellationToken stop)
    {
        if (await StartAsync(mayBeSpare: false, stop) is { } successor)
        {
            current = successor;
            _ = RetireAsync(old).ContinueWith(_ => replaced.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return;
        }

        program.Tell($"{Named(old)} goes on, because its successor did not start.");
        replaced.TrySetResult();
    }

    /// <summary>A process that is ready; null when it ended instead. One that is stopped meanwhile ends first. A spare
    /// has the settings of its own start, so that it is no successor to a process that lives.</summary>
    private async Task<WorkerProcess?> StartAsync(bool mayBeSpare, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        WorkerProcess started;
        try
        {
            started = (mayBeSpare ? spare.Take(number) : null) ?? program.Start(number, sockets);
        }
        catch (Win32Exception e)
        {
            program.Tell($"Worker {number} could not be started ({e.Message}).");
            return null;
        }

        try
        {
            if (await started.ReadyAsync(stop))
            {
                readySince = time.GetTimestamp();
                wasReady.TrySetResult();
                program.Tell($"{Named(started)} is ready.");
                return started;
            }
        }
        catch (OperationCanceledException)
        {
            await RetireAsync(started);
            throw;
        }

        program.Tell($"{Named(started)} {await started.Ended} before it was ready.");
        started.Dispose();
        return null;
    }

    private async Task RetireAsync(WorkerProcess old)
    {
        var inTime = await old.StopAsync(DrainTime);
        program.Tell(inTime ? $"{Named(old)} is done." : $"{Named(old)} did not end in {DrainTime.TotalSeconds:0} s, and was killed.");
        old.Dispose();
    }

    private string Named(WorkerProcess worker) => $"Worker {number} (process {worker.Id})";

    private static string In(TimeSpan pause) =>
        pause == TimeSpan.Zero ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" in {pause.TotalSeconds:0.##} s");
}
