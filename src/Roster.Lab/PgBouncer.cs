using System.Globalization;

namespace Roster.Lab;

/// <summary>
/// A real pgbouncer in transaction mode before a <see cref="PostgresServer"/>, on loopback: a session belongs to a client
/// for one transaction. It ends, and its folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string folder;
    private readonly PostgresServer server;
    private readonly string[] settings;
    private readonly ServerProcess process;

    private PgBouncer(string folder, PostgresServer server, string[] settings)
    {
        this.folder = folder;
        this.server = server;
        this.settings = settings;
        process = new ServerProcess("pgbouncer", folder, Signal.Interrupt, Command, IsUpAsync);
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => process.Port;

    /// <summary>Its process id.</summary>
    public int ProcessId => process.Id;

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    public Task<string> Ended => process.Ended;

    /// <summary>What it logged.</summary>
    public string Log => process.Log;

    /// <summary>Where it logs.</summary>
    public string LogFile => process.LogFile;

    private string Settings => Path.Combine(folder, "pgbouncer.ini");

    private string Users => Path.Combine(folder, "users");

    /// <summary>Makes and starts one.</summary>
    /// <param name="server">The server it stands before.</param>
    /// <param name="settings">Lines of its section <c>pgbouncer</c>, after the lab's own.</param>
    /// <exception cref="LabException">pgbouncer is not installed, or did not start.</exception>
    public static Task<PgBouncer> StartAsync(PostgresServer server, params string[] settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-pgbouncer-").FullName, server, settings);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <param name="folder">The folder; root's must be open to others on the way to it.</param>
    /// <param name="server">The server it stands before.</param>
    /// <param name="settings">Lines of its section <c>pgbouncer</c>, after the lab's own.</param>
    /// <exception cref="LabException">pgbouncer is not installed, or did not start.</exception>
    public static async Task<PgBouncer> StartInAsync(string folder, PostgresServer server, params string[] settings)
    {
        var bouncer = new PgBouncer(folder, server, settings);
        try
        {
            CheckInstalled();
            await bouncer.WriteUsersAsync();
            await bouncer.StartAgainAsync();
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">pgbouncer is not installed.</exception>
    public static void CheckInstalled()
    {
        if (!File.Exists(Program))
        {
            throw new LabException($"There is no {Program}: install the package pgbouncer.");
        }
    }

    /// <summary>Npgsql's connection string of a database of the server, through it.</summary>
    public string ConnectionStringOf(string database) => server.ConnectionString(Port, database);

    /// <summary>Starts it, after a stop on the port it had.</summary>
    public Task StartAgainAsync() => process.StartAsync();

    /// <summary>Kills it.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task WriteUsersAsync()
    {
        await PostgresAccount.TakeAsync(folder);
        await File.WriteAllTextAsync(Users, $"\"postgres\" \"{server.Password}\"\n");
    }

    /// <summary>It takes its port from its settings.</summary>
    private string[] Command(int port)
    {
        File.WriteAllLines(Settings, [
            "[databases]",
            $"* = host=127.0.0.1 port={Text(server.Port)}",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            $"listen_port = {Text(port)}",
            "unix_socket_dir =",
            "pool_mode = transaction",
            "auth_type = scram-sha-256",
            $"auth_file = {Users}",
            "max_client_conn = 500",
            "default_pool_size = 8",
            "server_login_retry = 1",
            .. settings]);
        return [.. PostgresAccount.Prefix, Program, Settings];
    }

    /// <summary>Said once it listens; without its port it ends.</summary>
    private static Task<bool> IsUpAsync(ServerProcess bouncer) =>
        Task.FromResult(bouncer.LogOfThisRun.Contains("process up", StringComparison.Ordinal));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
