namespace Roster.Cluster.Tests.Processes;

/// <summary>Command lines of processes (Linux).</summary>
internal static class Commands
{
    /// <summary>A process's, words divided by blanks; empty for one that has ended.</summary>
    /// <param name="process">Its folder in <c>/proc</c>.</param>
    public static string Of(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
