using System.Globalization;

namespace Roster.Cluster.Tests.Workers;

/// <summary>Which process has which connection (proc(5): the inode of a socket is in its descriptor's link, and in net/tcp).</summary>
internal static class SocketOwners
{
    /// <summary>Ports of the clients that a process is connected to.</summary>
    /// <param name="process">The server.</param>
    /// <param name="port">Where it listens.</param>
    public static IReadOnlySet<int> ClientsOf(int process, int port)
    {
        var inodes = Directory.EnumerateFiles($"/proc/{process}/fd").Select(InodeOf).ToHashSet(StringComparer.Ordinal);
        return File.ReadLines($"/proc/{process}/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => PortOf(fields[1]) == port && inodes.Contains(fields[9]))
            .Select(fields => PortOf(fields[2]))
            .Where(client => client != 0)
            .ToHashSet();
    }

    private static int PortOf(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary><c>socket:[4711]</c>; a descriptor may be closed while it is looked at.</summary>
    private static string InodeOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal) ? target[8..^1] : string.Empty;
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
