using System.Diagnostics;
using System.Net;

namespace Roster.Lab;

/// <summary>A process that serves the API on a free port of loopback; it and its folder end with the process that started it.</summary>
public sealed class ApiNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WatchedProcess process;

    private ApiNode(WatchedProcess process, Uri address, string logFile)
    {
        this.process = process;
        Address = address;
        LogFile = logFile;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => process.Id;

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    public Task<string> Ended => process.Ended;

    /// <summary>Where it logs.</summary>
    public string LogFile { get; }

    /// <summary>Starts one, without waiting for it.</summary>
    /// <param name="program">What stands before <c>serve</c>.</param>
    /// <param name="folder">A folder of its own; it is its working folder too, so that no settings file is read by chance.</param>
    /// <param name="settings">Environment, secrets among it.</param>
    public static async Task<ApiNode> StartAsync(IReadOnlyList<string> program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("Roster__", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(name => name, string? (_) => null, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var address = new Uri($"http://127.0.0.1:{LoopbackPorts.Free()}");
        var started = await WatchedProcess.StartAsync(
            folder, Signal.Terminate, environment,
            ["env", $"--chdir={folder}", .. program, "serve", "--urls", address.ToString().TrimEnd('/')]);
        return new ApiNode(started, address, Path.Combine(folder, WatchedProcess.LogName));
    }

    /// <summary>Waits for the first 200 of <c>/readyz</c>.</summary>
    /// <exception cref="LabException">It ended instead, or takes too long; the message holds its last words.</exception>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience && WatchedProcess.IsAlive(ProcessId);)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(25, cancellation);
        }

        throw new LabException($"The API on {Address} did not become ready: {File.ReadLines(LogFile).LastOrDefault()}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
