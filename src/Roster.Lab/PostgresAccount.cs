namespace Roster.Lab;

/// <summary>PostgreSQL and pgbouncer refuse to run as root; root runs them as the account that their packages made.</summary>
internal static class PostgresAccount
{
    /// <summary>What to put before a command.</summary>
    public static string[] Prefix => IsNeeded ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];

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
