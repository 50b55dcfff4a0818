using System.Globalization;
using System.Security.Cryptography;

namespace Roster.Lab;

/// <summary>
/// A real PostgreSQL server of its own on loopback, in a temporary folder, as durable as PostgreSQL is. It ends, and its
/// folder goes, with the process that started it, however that ends.
/// </summary>
public sealed class PostgresServer : ServerProcess
{
    internal const string Binaries = "/usr/lib/postgresql/15/bin";

    private PostgresServer(string folder)
        : base("PostgreSQL", folder, Signal.Interrupt)
    {
    }

    /// <summary>The password of the account <c>postgres</c>.</summary>
    internal string Password { get; private init; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes and starts one.</summary>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    /// <exception cref="LabException">PostgreSQL 15 is not installed, or did not start.</exception>
    public static Task<PostgresServer> StartAsync(params string[] settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-pg-").FullName, settings);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <param name="folder">The folder; root's must be open to others on the way to it.</param>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    /// <exception cref="LabException">PostgreSQL 15 is not installed, or did not start.</exception>
    public static Task<PostgresServer> StartInAsync(string folder, params string[] settings)
    {
        var server = new PostgresServer(folder);
        return StartFirstAsync(server, async () =>
        {
            CheckInstalled();
            await server.InitialiseAsync(settings);
        });
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
    public string ConnectionStringOf(string database) => ConnectionString(Port, database);

    /// <summary>Its line in a password file.</summary>
    public string PasswordLine => PostgresAccount.PasswordLine(Port, Password);

    /// <summary>
    /// Copies it while it serves (<c>pg_basebackup</c>), and starts the copy as a server of its own. What the copy holds is
    /// recovered to the end of its log, and a new timeline begins there: positions of the old one are not taken for its own.
    /// </summary>
    public Task<PostgresServer> StartCopyAsync() =>
        StartFromAsync(Directory.CreateTempSubdirectory("roster-pg-").FullName, folder => PostgresCopy.TakeAsync(this, folder));

    /// <summary>Starts a replica that streams from it, on loopback too.</summary>
    /// <param name="name">Small letters, digits and underscores, unique among its replicas; <c>synchronous_standby_names</c> and
    /// <c>pg_stat_replication.application_name</c> know it by this name.</param>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    public Task<PostgresServer> StartReplicaAsync(string name, params string[] settings) =>
        StartReplicaInAsync(Directory.CreateTempSubdirectory("roster-pg-").FullName, name, settings);

    /// <summary>Starts a replica in a folder of its own, which is empty and goes with it.</summary>
    /// <inheritdoc cref="StartReplicaAsync"/>
    public Task<PostgresServer> StartReplicaInAsync(string folder, string name, params string[] settings) =>
        StartFromAsync(folder, own => PostgresCopy.TakeReplicaAsync(this, own, name, settings));

    /// <summary>Changes settings of the running server that need no restart, such as <c>synchronous_standby_names = 'a'</c>.</summary>
    /// <param name="settings">Lines of <c>postgresql.conf</c>.</param>
    public async Task ConfigureAsync(params string[] settings)
    {
        await PostgresCopy.ConfigureAsync(Data, settings);
        Signal.Send(ProcessId, Signal.Hangup);
    }

    /// <summary>The same account at another port: a pooler's.</summary>
    internal string ConnectionString(int port, string database) => PostgresAccount.ConnectionString(port, Password, database);

    /// <summary>A server with the same account whose data <paramref name="takeAsync"/> fills in.</summary>
    private async Task<PostgresServer> StartFromAsync(string own, Func<string, Task> takeAsync)
    {
        var server = new PostgresServer(own) { Password = Password };
        try
        {
            await takeAsync(own);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task InitialiseAsync(string[] settings)
    {
        await PostgresAccount.TakeAsync(Folder);
        var secret = Path.Combine(Folder, "password");
        await File.WriteAllTextAsync(secret, Password);
        await LabCommand.RunAsync([
            .. PostgresAccount.Prefix, $"{Binaries}/initdb", "--pgdata", Data, "--username=postgres", $"--pwfile={secret}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        File.Delete(secret);
        await PostgresCopy.ConfigureAsync(Data, [
            "listen_addresses = '127.0.0.1'",
            $"unix_socket_directories = '{Folder}'",
            "fsync = on",
            "synchronous_commit = on",
            "max_connections = 300",
            "shared_buffers = 128MB",
            "max_wal_size = 4GB",
            "max_slot_wal_keep_size = 4GB",
            .. settings]);
    }

    /// <inheritdoc/>
    protected override string[] Command(int port) =>
        [.. PostgresAccount.Prefix, $"{Binaries}/postgres", "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The last line says when connections are taken; a killed server's file stays, so the first one must be this one's.</summary>
    protected override async Task<bool> IsUpAsync()
    {
        var ready = Path.Combine(Data, "postmaster.pid");
        return File.Exists(ready) && (await File.ReadAllLinesAsync(ready)) is [var id, _, _, var listening, .., var state]
            && id.Trim() == ProcessId.ToString(CultureInfo.InvariantCulture) && state.Trim() == "ready"
            && listening == Port.ToString(CultureInfo.InvariantCulture);
    }
}
