using System.Globalization;

namespace Roster.Lab;

/// <summary>PostgreSQL and pgbouncer refuse to run as root; root runs them as the account that their packages made.</summary>
internal static class PostgresAccount
{
    /// <summary>What to put before a command.</summary>
    public static string[] Prefix => IsNeeded ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];

    /// <summary>Npgsql's connection string.</summary>
    public static string ConnectionString(int port, string password, string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database={database}");

    /// <summary>A line of a password file for PostgreSQL's own programs (manual, "The Password File").</summary>
    public static string PasswordLine(int port, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:*:postgres:{password}\n");

    private static bool IsNeeded => Environment.UserName == "root";

    /// <summary>Gives it a folder and what is in it; nobody else may look into it.</summary>
    public static async Task TakeAsync(string folder)
    {
        await LabCommand.RunAsync("chmod", "0700", folder);
        if (IsNeeded)
        {
            await LabCommand.RunAsync("chown", "-R", "postgres:postgres", folder);
        }
    }
}
