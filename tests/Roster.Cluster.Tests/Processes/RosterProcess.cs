using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Roster.Client;
using Roster.Lab;

namespace Roster.Cluster.Tests.Processes;

/// <summary>
/// A real server on a data folder of its own, which outlives the process: it can be killed and started again on the
/// same folder and port. Disposal kills what was started and removes the folder, whatever has happened.
/// </summary>
internal sealed class RosterProcess : IAsyncDisposable
{
    /// <summary>A guard against hanging, far above any start on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string AdminKey = "Roster__Auth__AdminKey";

    private readonly ServerProgram program;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");
    private ChildProcess? process;

    private readonly IReadOnlyDictionary<string, string>? settings;

    private RosterProcess(ServerProgram program, string? data, IReadOnlyDictionary<string, string>? settings = null)
    {
        this.program = program;
        this.settings = settings;
        Data = data ?? Path.Combine(folder.FullName, "data");
    }

    public Uri Address { get; private set; } = new($"http://127.0.0.1:{LoopbackPorts.Free()}");

    /// <summary>The folder of the embedded store.</summary>
    public string Data { get; }

    /// <summary>The first administrator's key.</summary>
    public string Key => settings?[AdminKey] ?? File.ReadAllText(Path.Combine(Data, "admin.key")).Trim();

    private string[] Place => settings is null ? ["--data", Data] : [];

    public ChildProcess Process => process ?? throw new InvalidOperationException("The server was never started.");

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="program">What to start; the real program if nothing else is named.</param>
    /// <param name="data">A folder that exists already and outlives it; else one of its own.</param>
    /// <param name="shards">How many shards it has, each in a folder of its own.</param>
    public static async Task<RosterProcess> StartAsync(ServerProgram? program = null, string? data = null, int shards = 1)
    {
        var server = Prepare(program, data, shards);
        try
        {
            await server.StartFirstAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A server that is not started yet: its folder and settings are there for other verbs.</summary>
    public static RosterProcess Prepare(ServerProgram? program = null, string? data = null, int shards = 1)
    {
        var server = new RosterProcess(program ?? ServerProgram.Roster, data);
        server.Configure(shards);
        return server;
    }

    /// <summary>A server that is not started yet, with no folder of data: where its users are is in its environment, and so is its key.</summary>
    public static RosterProcess Prepare(IReadOnlyDictionary<string, string> settings) => new(ServerProgram.Roster, data: null, settings);

    /// <summary>Starts it for the first time, and waits until it is ready.</summary>
    public async Task StartFirstAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Start();
            try
            {
                await ReadyAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < 4 && Process.Errors.Contains("in use", StringComparison.Ordinal))
            {
                // Another test took the port between the finding and the listening.
                Address = new Uri($"http://127.0.0.1:{LoopbackPorts.Free()}");
            }
        }
    }

    /// <summary>For the server, and for every verb that runs beside it.</summary>
    private void Configure(int shards)
    {
        if (shards > 1)
        {
            var paths = Enumerable.Range(0, shards).Select(i => new { Path = Path.Combine(folder.FullName, $"shard{i}") });
            File.WriteAllText(
                Path.Combine(folder.FullName, "appsettings.json"), JsonSerializer.Serialize(new { Roster = new { Shards = paths } }));
        }
    }

    /// <summary>Starts it on the same folder and port, without waiting.</summary>
    public void Start() => process = ChildProcess.Start(
        program,
        ["serve", "--urls", Address.ToString().TrimEnd('/'), .. Place],
        folder.FullName,
        settings);

    /// <summary>Starts it on the same folder and port, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        await Process.DisposeAsync();
        Start();
        await ReadyAsync();
    }

    /// <summary>Waits for the first 200 of <c>/readyz</c>.</summary>
    /// <exception cref="InvalidOperationException">The process ended instead, with what it said.</exception>
    public async Task ReadyAsync()
    {
        using var http = Connect();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            if (Process.HasExited)
            {
                var code = await Process.WaitAsync(Patience);
                throw new InvalidOperationException($"The server ended with {code}: {Process.Errors}");
            }

            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(15);
        }

        throw new TimeoutException($"The server was not ready in {Patience}: {Process.Errors}");
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitAsync(Patience);
    }

    /// <summary>Sends a signal and waits for the exit code.</summary>
    public Task<int> StopAsync(int signal = Signal.Terminate)
    {
        Process.Send(signal);
        return Process.WaitAsync(Patience);
    }

    /// <summary>A client with connections of its own, with the administrator's key once there is one.</summary>
    /// <param name="way">What its requests go through; straight to the server if nothing is named.</param>
    public HttpClient Connect(Func<HttpMessageHandler, HttpMessageHandler>? way = null)
    {
        HttpMessageHandler straight = new BrokenConnections(new SocketsHttpHandler { UseProxy = false });
        var http = new HttpClient(way?.Invoke(straight) ?? straight) { BaseAddress = Address, Timeout = Patience };
        if (settings is not null || File.Exists(Path.Combine(Data, "admin.key")))
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        }

        return http;
    }

    /// <summary>Runs another verb of the real program to its end.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => Ended.RunAsync(folder.FullName, arguments, settings);

    /// <summary>Lets <c>rebuild --verify</c> read every row, and every event, of its users.</summary>
    public Task<Ended> VerifyAsync() => RunAsync(["rebuild", "--verify", .. Place]);

    /// <summary>A path beside the data folder, removed with it.</summary>
    public string Beside(string name) => Path.Combine(folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }
}
