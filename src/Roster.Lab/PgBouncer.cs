using System.Globalization;

namespace Roster.Lab;

/// <summary>
/// A real pgbouncer in transaction mode before a <see cref="PostgresServer"/>, on loopback: a session belongs to a client
/// for one transaction. It ends, and its folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class PgBouncer : ServerProcess
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly PostgresServer server;
    private readonly string[] settings;

    private PgBouncer(string folder, PostgresServer server, string[] settings)
        : base("pgbouncer", folder, Signal.Interrupt)
    {
        this.server = server;
        this.settings = settings;
    }

    private string Settings => Path.Combine(Folder, "pgbouncer.ini");

    private string Users => Path.Combine(Folder, "users");

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
    public static Task<PgBouncer> StartInAsync(string folder, PostgresServer server, params string[] settings)
    {
        var bouncer = new PgBouncer(folder, server, settings);
        return StartFirstAsync(bouncer, () =>
        {
            CheckInstalled();
            return bouncer.WriteUsersAsync();
        });
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">pgbouncer is not installed.</exception>
    public static void CheckInstalled() => CheckInstalled(Program, "pgbouncer");

    /// <summary>Npgsql's connection string of a database of the server, through it.</summary>
    public string ConnectionStringOf(string database) => server.ConnectionString(Port, database);

    private async Task WriteUsersAsync()
    {
        await PostgresAccount.TakeAsync(Folder);
        await File.WriteAllTextAsync(Users, $"\"postgres\" \"{server.Password}\"\n");
    }

    /// <summary>It takes its port from its settings.</summary>
    protected override string[] Command(int port)
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
    protected override Task<bool> IsUpAsync() => Task.FromResult(LogOfThisRun.Contains("process up", StringComparison.Ordinal));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
