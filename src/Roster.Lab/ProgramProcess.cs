using System.Diagnostics;

namespace Roster.Lab;

/// <summary>
/// A process of the program itself, with health on a free port of loopback: a node that serves, or a worker. It and its
/// folder end with the process that started it.
/// </summary>
public sealed class ProgramProcess : ILabMember
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Func<Task<WatchedProcess>> startAsync;
    private WatchedProcess? running;

    private ProgramProcess(Func<Task<WatchedProcess>> startAsync, Uri address, string logFile)
    {
        this.startAsync = startAsync;
        Address = address;
        LogFile = logFile;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public int ProcessId => running?.Id ?? throw new InvalidOperationException("The program is stopped.");

    /// <inheritdoc/>
    public Task<string> Ended => running?.Ended ?? throw new InvalidOperationException("The program is stopped.");

    /// <summary>Where it logs.</summary>
    public string LogFile { get; }

    /// <summary>Starts one, without waiting for it.</summary>
    /// <param name="program">What stands before the verb.</param>
    /// <param name="verb"><c>serve</c>, or another that has <c>--urls</c>.</param>
    /// <param name="folder">A folder of its own; it is its working folder too, so that no settings file is read by chance.</param>
    /// <param name="settings">Environment, secrets among it.</param>
    public static async Task<ProgramProcess> StartAsync(IReadOnlyList<string> program, string verb, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("Roster__", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(name => name, string? (_) => null, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var address = new Uri($"http://127.0.0.1:{LoopbackPorts.Free()}");
        var process = new ProgramProcess(
            () => WatchedProcess.StartAsync(
                folder, Signal.Terminate, environment,
                ["env", $"--chdir={folder}", .. program, verb, "--urls", address.ToString().TrimEnd('/')]),
            address,
            Path.Combine(folder, WatchedProcess.LogName));
        process.running = await process.startAsync();
        return process;
    }

    /// <summary>Waits for the first 200 of <c>/readyz</c>.</summary>
    /// <exception cref="LabException">It ended instead, or takes too long; the message holds its last words.</exception>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience && WatchedProcess.IsAlive(ProcessId);)
        {
            if (await LoopbackHttp.IsOkAsync(new Uri(Address, "/readyz"), cancellation))
            {
                return;
            }

            await Task.Delay(25, cancellation);
        }

        throw new LabException($"What listens on {Address} did not become ready: {File.ReadLines(LogFile).LastOrDefault()}");
    }

    /// <inheritdoc/>
    public async Task StartAgainAsync()
    {
        await DisposeAsync();
        running = await startAsync();
        await ReadyAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        ProcessTree.Kill(ProcessId);
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public void Pause() => ProcessTree.Pause(ProcessId);

    /// <inheritdoc/>
    public void Resume() => ProcessTree.Resume(ProcessId);

    /// <summary>Ends it in order; its folder stays until its owner ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (running is { } process)
        {
            running = null;
            await process.DisposeAsync();
        }
    }
}
