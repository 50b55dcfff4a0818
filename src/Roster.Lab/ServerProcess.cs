using System.Diagnostics;

namespace Roster.Lab;

/// <summary>
/// A server with a folder of its own on a port of loopback: stopped or killed, it starts again from the folder, on the
/// port it had.
/// </summary>
/// <param name="name">What it is, for people.</param>
/// <param name="folder">Its folder, which goes with it.</param>
/// <param name="signal">What ends it in order.</param>
/// <param name="command">The program and its arguments, for a port.</param>
/// <param name="isUp">Whether it takes connections; asked again and again.</param>
internal sealed class ServerProcess(
    string name, string folder, int signal, Func<int, string[]> command, Func<ServerProcess, Task<bool>> isUp) : IAsyncDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private WatchedProcess? running;
    private int logged;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Id of its first process, whose death is the server's.</summary>
    public int Id => running?.Id ?? throw new InvalidOperationException($"{name} is stopped.");

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    public Task<string> Ended => running?.Ended ?? throw new InvalidOperationException($"{name} is stopped.");

    /// <summary>Where it logs.</summary>
    public string LogFile => Path.Combine(folder, WatchedProcess.LogName);

    /// <summary>What it logged.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : string.Empty;

    /// <summary>What it logged since it was started last.</summary>
    public string LogOfThisRun => Log[logged..];

    /// <summary>Starts it: on the port it had, or on a free one.</summary>
    /// <exception cref="LabException">It did not start; the message holds its log.</exception>
    public async Task StartAsync()
    {
        var isFirst = Port == 0;
        for (var attempt = 1; ; attempt++)
        {
            Port = isFirst ? LoopbackPorts.Free() : Port;
            logged = Log.Length;
            running = await WatchedProcess.StartAsync(folder, signal, environment: null, command(Port));
            if (await ComesUpAsync())
            {
                return;
            }

            await StopAsync();
            if (attempt == Attempts)
            {
                throw new LabException($"{name} did not start:\n{Log}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Kills all its processes, as a crash does: nothing is written down on the way. Left alone, those that serve
    /// connections would notice the death of the first one only after a moment, and commit meanwhile.</summary>
    public async Task KillAsync()
    {
        using var first = Process.GetProcessById(Id);
        first.Kill(entireProcessTree: true);
        await StopAsync();
    }

    /// <summary>Stops it; its folder stays.</summary>
    public async Task StopAsync()
    {
        if (running is { } process)
        {
            running = null;
            await process.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<bool> ComesUpAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(20))
        {
            if (!WatchedProcess.IsAlive(Id))
            {
                return false;
            }

            if (await isUp(this))
            {
                return true;
            }
        }

        return false;
    }
}
