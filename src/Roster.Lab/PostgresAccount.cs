namespace Roster.Lab;

/// <summary>PostgreSQL refuses to run as root; root runs it as the account that its package made.</summary>
internal static class PostgresAccount
{
    /// <summary>Whether this process is root's.</summary>
    public static bool IsNeeded => Environment.UserName == "root";

    /// <summary>What to put before a command.</summary>
    public static string[] Prefix => IsNeeded ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];
}
