using System.ComponentModel;

namespace Roster.Cli.Workers;

/// <summary>
/// A worker that has opened everything and <see cref="Rehearsal">rehearsed</see>, but serves nobody yet: it takes a dead one's
/// place at once, where a new process would need a second or more on a busy machine. It holds the sockets of all places, and keeps those that it is told.
/// </summary>
internal sealed class Spare(WorkerProgram program, IReadOnlyList<WorkerSockets> places, TimeProvider time)
{
    /// <summary>A start keeps a processor busy for a second or two, which the one that was taken needs for what has waited for it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Backoff backoff = new();
    private WorkerProcess? standing;
    private TaskCompletionSource taken = new();

    /// <summary>The spare, told to serve a place; null when there is none at the moment.</summary>
    public WorkerProcess? Take(int number)
    {
        if (Interlocked.Exchange(ref standing, null) is not { } process)
        {
            return null;
        }

        taken.TrySetResult();
        process.Assign(number);
        return process;
    }

    /// <summary>Ends the one that stands by, which has old settings; the next one takes its place.</summary>
    public async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref standing, null) is { } old)
        {
            await old.StopAsync(WorkerSlot.DrainTime);
        }
    }

    /// <summary>Keeps one standing by until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (await StartAsync(stop) is not { } process)
                {
                    await Task.Delay(backoff.After(TimeSpan.Zero), time, stop);
                    continue;
                }

                var since = time.GetTimestamp();
                await Task.WhenAny(process.Ended, taken.Task).WaitAsync(stop);
                if (Interlocked.CompareExchange(ref standing, null, process) == process)
                {
                    program.Tell($"The spare worker (process {process.Id}) {await process.Ended}.");
                    await Task.Delay(backoff.After(time.GetElapsedTime(since)), time, stop);
                }

                if (await process.ReadyAsync(stop))
                {
                    await Task.Delay(Pause, time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await RenewAsync();
        }
    }

    private async Task<WorkerProcess?> StartAsync(CancellationToken stop)
    {
        WorkerProcess? started = null;
        try
        {
            started = program.Start(number: 0, [.. places]);
            if (await started.StandsByAsync(stop))
            {
                taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref standing, started);
                program.Tell($"The spare worker (process {started.Id}) stands by.");
                return started;
            }

            program.Tell($"The spare worker (process {started.Id}) {await started.Ended} before it stood by.");
        }
        catch (Win32Exception e)
        {
            program.Tell($"The spare worker could not be started ({e.Message}).");
        }
        catch (OperationCanceledException)
        {
            await started!.StopAsync(WorkerSlot.DrainTime);
            throw;
        }

        return null;
    }
}
