using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Roster.Lab;

/// <summary>
/// A real PostgreSQL server of its own on loopback, in a temporary folder, as durable as PostgreSQL is. It ends, and its
/// folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private const int Attempts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string folder;
    private readonly string password;
    private WatchedProcess? running;

    private PostgresServer(string folder, string password)
    {
        this.folder = folder;
        this.password = password;
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Id of its first process, whose death is the server's.</summary>
    public int ProcessId => running?.Id ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>What it logged.</summary>
    public string Log => File.ReadAllText(LogFile);

    /// <summary>Where it logs.</summary>
    public string LogFile => Path.Combine(folder, WatchedProcess.LogName);

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes and starts one.</summary>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    /// <exception cref="LabException">PostgreSQL 15 is not installed, or did not start.</exception>
    public static Task<PostgresServer> StartAsync(params string[] settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-pg-").FullName, settings);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <param name="folder">The folder; root's must be open to others on the way to it.</param>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    /// <exception cref="LabException">PostgreSQL 15 is not installed, or did not start.</exception>
    public static async Task<PostgresServer> StartInAsync(string folder, params string[] settings)
    {
        var server = new PostgresServer(folder, RandomNumberGenerator.GetHexString(32, lowercase: true));
        try
        {
            CheckInstalled();
            await server.InitialiseAsync(settings);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">PostgreSQL 15 is not installed.</exception>
    public static void CheckInstalled()
    {
        if (!File.Exists($"{Binaries}/postgres"))
        {
            throw new LabException($"PostgreSQL 15 is not in {Binaries}: install the package postgresql-15.");
        }
    }

    /// <summary>Npgsql's connection string of a database.</summary>
    public string ConnectionStringOf(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={password};Database={database}";

    /// <summary>Its line in a password file, for PostgreSQL's own programs (manual, "The Password File").</summary>
    public string PasswordLine => $"127.0.0.1:{Port}:*:postgres:{password}\n";

    /// <summary>Starts it, after a stop on the port it had.</summary>
    public async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Port != 0 ? Port : LoopbackPorts.Free();
            await RunAsync(port);
            if (await IsReadyAsync(port))
            {
                Port = port;
                return;
            }

            await StopAsync();
            await Task.Delay(Pause);
            if (attempt == Attempts)
            {
                throw new LabException($"PostgreSQL did not start:\n{Log}");
            }
        }
    }

    /// <summary>Kills all its processes, as a crash does: nothing is written down on the way. Left alone, those that serve
    /// connections would notice the death of the first one only after a moment, and commit meanwhile.</summary>
    public async Task KillAsync()
    {
        using var first = Process.GetProcessById(ProcessId);
        first.Kill(entireProcessTree: true);
        await StopAsync();
    }

    /// <summary>Stops it; its data stays.</summary>
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

    private async Task InitialiseAsync(string[] settings)
    {
        if (PostgresAccount.IsNeeded)
        {
            await LabCommand.RunAsync("chown", "postgres:postgres", folder);
        }

        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, password);
        await LabCommand.RunAsync([
            .. PostgresAccount.Prefix, $"{Binaries}/initdb", "--pgdata", Data, "--username=postgres", $"--pwfile={secret}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        File.Delete(secret);
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), [
            "listen_addresses = '127.0.0.1'",
            $"unix_socket_directories = '{folder}'",
            "fsync = on",
            "synchronous_commit = on",
            "max_connections = 300",
            "shared_buffers = 128MB",
            "max_wal_size = 4GB",
            .. settings]);
    }

    private async Task RunAsync(int port) =>
        running = await WatchedProcess.StartAsync(
            folder, Signal.Interrupt, environment: null,
            [.. PostgresAccount.Prefix, $"{Binaries}/postgres", "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture)]);

    private async Task<bool> IsReadyAsync(int port)
    {
        var ready = Path.Combine(Data, "postmaster.pid");
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(20))
        {
            if (!WatchedProcess.IsAlive(ProcessId))
            {
                return false;
            }

            // Its last line says when connections are taken; a killed server's file stays, so the first one must be this one's.
            if (File.Exists(ready) && (await File.ReadAllLinesAsync(ready)) is [var process, _, _, var listening, .., var state]
                && process.Trim() == ProcessId.ToString(CultureInfo.InvariantCulture) && state.Trim() == "ready" && listening == port.ToString(CultureInfo.InvariantCulture))
            {
                return true;
            }
        }

        return false;
    }
}
