using System.Diagnostics;

namespace Roster.Lab;

/// <summary>
/// A server with a folder of its own on a port of loopback: stopped or killed, it starts again from the folder, on the
/// port it had. It ends, and its folder goes, with the process that started it, however that ends.
/// </summary>
/// <param name="name">What it is, for people.</param>
/// <param name="folder">Its folder, which goes with it.</param>
/// <param name="signal">What ends it in order.</param>
public abstract class ServerProcess(string name, string folder, int signal) : ILabMember
{
    private const int Attempts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pauses = TimeSpan.FromMilliseconds(200);

    private WatchedProcess? running;
    private int logged;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    public int ProcessId => running?.Id ?? throw new InvalidOperationException($"{name} is stopped.");

    /// <inheritdoc/>
    public Task<string> Ended => running?.Ended ?? throw new InvalidOperationException($"{name} is stopped.");

    /// <inheritdoc/>
    public string LogFile => Path.Combine(folder, WatchedProcess.LogName);

    /// <summary>What it logged.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : string.Empty;

    /// <summary>What it logged since it was started last.</summary>
    protected string LogOfThisRun => Log[logged..];

    /// <summary>Its folder.</summary>
    protected internal string Folder => folder;

    /// <summary>First processes of all that belongs to it, those first that may start others.</summary>
    protected virtual IEnumerable<int> Trees => [ProcessId];

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">The program is not installed.</exception>
    protected static void CheckInstalled(string program, string package)
    {
        if (!File.Exists(program))
        {
            throw new LabException($"There is no {program}: install the package {package}.");
        }
    }

    /// <summary>Starts a server for the first time; one that does not start leaves nothing behind.</summary>
    /// <param name="server">The server, with its empty folder.</param>
    /// <param name="prepareAsync">Checks what it needs, and writes what it starts from.</param>
    protected static async Task<TServer> StartFirstAsync<TServer>(TServer server, Func<Task> prepareAsync)
        where TServer : ServerProcess
    {
        try
        {
            await prepareAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>On the port it had, or on a free one.</summary>
    /// <inheritdoc/>
    public async Task StartAgainAsync()
    {
        var isFirst = Port == 0;
        for (var attempt = 1; ; attempt++)
        {
            await StopAsync();
            Port = isFirst ? LoopbackPorts.Free() : Port;
            logged = Log.Length;
            running = await WatchedProcess.StartAsync(folder, signal, environment: null, Command(Port));
            if (await ComesUpAsync())
            {
                return;
            }

            if (attempt == Attempts)
            {
                throw new LabException($"{name} did not start:\n{Log}");
            }

            await Task.Delay(Pauses);
        }
    }

    /// <summary>All its processes at once: left alone, those that serve connections would notice the death of the first one
    /// only after a moment, and commit meanwhile.</summary>
    /// <inheritdoc/>
    public async Task KillAsync()
    {
        Pause();
        Trees.Reverse().ToList().ForEach(ProcessTree.Kill);
        await StopAsync();
    }

    /// <inheritdoc/>
    public void Pause() => Trees.ToList().ForEach(ProcessTree.Pause);

    /// <inheritdoc/>
    public void Resume() => Trees.Reverse().ToList().ForEach(ProcessTree.Resume);

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

        GC.SuppressFinalize(this);
    }

    /// <summary>The program and its arguments, for a port.</summary>
    protected abstract string[] Command(int port);

    /// <summary>Whether it takes connections; asked again and again.</summary>
    protected abstract Task<bool> IsUpAsync();

    private async Task<bool> ComesUpAsync()
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(20))
        {
            if (!WatchedProcess.IsAlive(ProcessId))
            {
                return false;
            }

            if (await IsUpAsync())
            {
                return true;
            }
        }

        return false;
    }
}
