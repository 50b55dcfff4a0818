using System.Globalization;

namespace Roster.Lab;

/// <summary>A copy of a server's data, made while it serves (<c>pg_basebackup</c>).</summary>
internal static class PostgresCopy
{
    private const string PasswordFile = "pgpass";

    /// <summary>Fills a folder with one that is no longer the server's: recovered to the end of its log, it begins a new timeline.</summary>
    /// <param name="from">The server.</param>
    /// <param name="folder">Gets the copy, in <c>data</c>.</param>
    public static async Task TakeAsync(PostgresServer from, string folder)
    {
        var data = await RunAsync(from, folder);
        File.Delete(Path.Combine(folder, PasswordFile));
        await File.WriteAllTextAsync(Path.Combine(data, "recovery.signal"), string.Empty);
        await ConfigureAsync(data, [$"unix_socket_directories = '{folder}'", "restore_command = 'false'"]);
    }

    /// <summary>
    /// Fills a folder with one that follows the server, which keeps the log that it still needs (a replication slot). The file
    /// with the password stays: the copy connects with it.
    /// </summary>
    /// <param name="from">The server.</param>
    /// <param name="folder">Gets the copy, in <c>data</c>.</param>
    /// <param name="name">Of the slot, and the name by which <c>synchronous_standby_names</c> knows it.</param>
    /// <param name="settings">Lines of <c>postgresql.conf</c>, after the lab's own.</param>
    public static async Task TakeReplicaAsync(PostgresServer from, string folder, string name, string[] settings)
    {
        var data = await RunAsync(from, folder, "--write-recovery-conf", "--create-slot", $"--slot={name}");
        await ConfigureAsync(data, [
            $"unix_socket_directories = '{folder}'",
            $"cluster_name = '{name}'",
            "synchronous_standby_names = ''",
            "hot_standby = on",
            "hot_standby_feedback = on",
            "wal_receiver_status_interval = 1s",
            "wal_receiver_timeout = 5s",
            "wal_retrieve_retry_interval = 200ms",
            .. settings]);
    }

    /// <summary>Adds lines to a server's settings; the last line of a name counts.</summary>
    public static Task ConfigureAsync(string data, IEnumerable<string> settings) =>
        File.AppendAllLinesAsync(Path.Combine(data, "postgresql.conf"), settings);

    private static async Task<string> RunAsync(PostgresServer from, string folder, params string[] more)
    {
        var data = Path.Combine(folder, "data");
        var secret = Path.Combine(folder, PasswordFile);
        await File.WriteAllTextAsync(secret, from.PasswordLine);
        await LabCommand.RunAsync("chmod", "600", secret);
        await PostgresAccount.TakeAsync(folder);
        await LabCommand.RunAsync([
            .. PostgresAccount.Prefix, "env", $"PGPASSFILE={secret}", $"{PostgresServer.Binaries}/pg_basebackup", "--pgdata", data, "--host=127.0.0.1",
            $"--port={from.Port.ToString(CultureInfo.InvariantCulture)}", "--username=postgres", "--no-password", "--wal-method=stream", "--checkpoint=fast",
            .. more]);
        return data;
    }
}
