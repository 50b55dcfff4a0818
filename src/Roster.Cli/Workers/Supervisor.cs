using System.Runtime.InteropServices;
using System.Threading.Channels;
using Roster.Cli.Serving;
using Roster.Cli.Settings;

namespace Roster.Cli.Workers;

/// <summary><c>serve --workers N</c>: binds the sockets, keeps a worker on each, and serves nothing itself.</summary>
internal static class Supervisor
{
    /// <summary>Runs until it is stopped; all workers have ended then.</summary>
    /// <param name="count">Workers.</param>
    /// <param name="program">What they are.</param>
    /// <param name="stop">Lets them answer what they have begun, and ends.</param>
    /// <exception cref="SettingsException">The sockets cannot be bound.</exception>
    /// <exception cref="VerbException">The first worker does not start.</exception>
    public static async Task RunAsync(int count, WorkerProgram program, CancellationToken stop)
    {
        var settings = program.Settings;
        var sockets = WorkerSockets.Bind(
            count, [.. settings.Urls.Select(ListenAddress.Parse)], [.. settings.MetricsUrls.Select(ListenAddress.Parse)], out var urls);
        try
        {
            var spare = new Spare(program, sockets, TimeProvider.System);
            await RunAsync([.. sockets.Select((own, i) => new WorkerSlot(i + 1, own, program, spare, TimeProvider.System))], spare, urls, stop);
        }
        finally
        {
            sockets.ToList().ForEach(own => own.Dispose());
        }
    }

    /// <summary>The first worker goes ahead: it makes what is made once, and what keeps it from starting would keep the others too.</summary>
    private static async Task RunAsync(IReadOnlyList<WorkerSlot> slots, Spare spare, IReadOnlyList<string> urls, CancellationToken stop)
    {
        Channel<bool> hangups = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            hangups.Writer.TryWrite(true);
        });
        if (!await slots[0].TryStartAsync(stop))
        {
            throw new VerbException("No worker was started, because the first one did not: what it said is above.");
        }

        Tell(Banner.OfWorkers(ProgramVersion.Text, urls, slots.Count));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> running = [ReplaceAsync(slots, spare, hangups.Reader, ending.Token), StandByAsync(slots, spare, ending.Token), .. slots.Select(slot => slot.RunAsync(ending.Token))];
        var watching = Terminal.OfThisProcess.WatchAsync(ending.Token);
        await Task.WhenAny(running);

        // Only a closed terminal ends one of these before they are stopped: any other has failed, and takes the others with it.
        await ending.CancelAsync();
        await Task.WhenAll([watching, .. running]);
    }

    /// <summary>Says something to whoever has started this; a terminal may be closed, and then nobody is told.</summary>
    public static void Tell(string line)
    {
        try
        {
            Console.WriteLine(line);
        }
        catch (IOException)
        {
            // What is said is not worth a worker.
        }
    }

    /// <summary>A spare comes after those that serve.</summary>
    private static async Task StandByAsync(IReadOnlyList<WorkerSlot> slots, Spare spare, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(slots.Select(slot => slot.WasReady)).WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        await spare.RunAsync(stop);
    }

    /// <summary>One by one, so that there is one process more than usual, at most. Ends when the terminal is closed.</summary>
    private static async Task ReplaceAsync(IReadOnlyList<WorkerSlot> slots, Spare spare, ChannelReader<bool> hangups, CancellationToken stop)
    {
        try
        {
            await foreach (var _ in hangups.ReadAllAsync(stop))
            {
                if (await Terminal.OfThisProcess.IsClosedAsync(stop))
                {
                    return;
                }

                await spare.RenewAsync();
                foreach (var slot in slots)
                {
                    await slot.ReplaceAsync(stop);
                }

                Tell("All workers were replaced or go on as they were.");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped: the slots end their workers.
        }
    }
}
