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

    private readonly string folder;
    private readonly ServerProcess process;

    private PostgresServer(string folder)
    {
        this.folder = folder;
        process = new ServerProcess("PostgreSQL", folder, Signal.Interrupt, Command, IsReadyAsync);
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => process.Port;

    /// <summary>Id of its first process, whose death is the server's.</summary>
    public int ProcessId => process.Id;

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    public Task<string> Ended => process.Ended;

    /// <summary>What it logged.</summary>
    public string Log => process.Log;

    /// <summary>Where it logs.</summary>
    public string LogFile => process.LogFile;

    /// <summary>The password of the account <c>postgres</c>.</summary>
    internal string Password { get; private init; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

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
        var server = new PostgresServer(folder);
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
    public string ConnectionStringOf(string database) => ConnectionString(Port, database);

    /// <summary>Its line in a password file, for PostgreSQL's own programs (manual, "The Password File").</summary>
    public string PasswordLine => $"127.0.0.1:{Port}:*:postgres:{Password}\n";

    /// <summary>
    /// Copies it while it serves (<c>pg_basebackup</c>), and starts the copy as a server of its own. What the copy holds is
    /// recovered to the end of its log, and a new timeline begins there: positions of the old one are not taken for its own.
    /// </summary>
    public async Task<PostgresServer> StartCopyAsync()
    {
        var copy = new PostgresServer(Directory.CreateTempSubdirectory("roster-pg-").FullName) { Password = Password };
        try
        {
            await copy.TakeAsync(this);
            await copy.StartAgainAsync();
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, after a stop on the port it had.</summary>
    public Task StartAgainAsync() => process.StartAsync();

    /// <summary>Kills all its processes, as a crash does.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Stops it; its data stays.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>The same account at another port: a pooler's.</summary>
    internal string ConnectionString(int port, string database) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Password={Password};Database={database}";

    private async Task InitialiseAsync(string[] settings)
    {
        await PostgresAccount.TakeAsync(folder);
        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, Password);
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

    /// <summary>Fills the folder with a copy of another's data.</summary>
    private async Task TakeAsync(PostgresServer from)
    {
        var secret = Path.Combine(folder, "pgpass");
        await File.WriteAllTextAsync(secret, from.PasswordLine);
        await LabCommand.RunAsync("chmod", "600", secret);
        await PostgresAccount.TakeAsync(folder);
        await LabCommand.RunAsync([
            .. PostgresAccount.Prefix, "env", $"PGPASSFILE={secret}", $"{Binaries}/pg_basebackup", "--pgdata", Data, "--host=127.0.0.1",
            $"--port={from.Port.ToString(CultureInfo.InvariantCulture)}", "--username=postgres", "--no-password", "--wal-method=stream", "--checkpoint=fast"]);
        File.Delete(secret);
        await File.WriteAllTextAsync(Path.Combine(Data, "recovery.signal"), string.Empty);
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), [$"unix_socket_directories = '{folder}'", "restore_command = 'false'"]);
    }

    private string[] Command(int port) =>
        [.. PostgresAccount.Prefix, $"{Binaries}/postgres", "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The last line says when connections are taken; a killed server's file stays, so the first one must be this one's.</summary>
    private async Task<bool> IsReadyAsync(ServerProcess server)
    {
        var ready = Path.Combine(Data, "postmaster.pid");
        return File.Exists(ready) && (await File.ReadAllLinesAsync(ready)) is [var id, _, _, var listening, .., var state]
            && id.Trim() == server.Id.ToString(CultureInfo.InvariantCulture) && state.Trim() == "ready"
            && listening == server.Port.ToString(CultureInfo.InvariantCulture);
    }
}
