using System.Globalization;

namespace Roster.Lab;

/// <summary>PostgreSQL's first process, found by its folder.</summary>
internal static class Postmaster
{
    /// <summary>Its id; null when none runs there. A killed one's file stays, and its id may be somebody else's by now.</summary>
    /// <param name="data">The folder of its data.</param>
    public static int? Of(string data)
    {
        try
        {
            return File.ReadLines(Path.Combine(data, "postmaster.pid")).FirstOrDefault() is { } line
                && int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && WatchedProcess.IsAlive(id)
                && File.ResolveLinkTarget($"/proc/{line.Trim()}/cwd", returnFinalTarget: false)?.FullName == data
                ? id
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
