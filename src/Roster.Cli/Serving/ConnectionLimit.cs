using Roster.Core.Events.Feed;

namespace Roster.Cli.Serving;

/// <summary>
/// How many connections a server takes: every one is an open file, and a process that runs into its limit of those can no
/// longer do anything. So streams and other requests get what the limit leaves beside databases and logs.
/// </summary>
/// <param name="Connections">Connections, at most.</param>
/// <param name="Streams">Of them for streams of events, at most.</param>
internal sealed record ConnectionLimit(int Connections, int Streams)
{
    private const int OtherRequests = 5_000;
    private const int OtherFiles = 1_000;

    /// <summary>As the settings say and this process's limit allows.</summary>
    public static ConnectionLimit Of(FeedOptions feed) => Of(feed.MaxStreams, OpenFiles());

    /// <summary>As the settings say and a limit of files allows.</summary>
    /// <param name="streams">Streams as they are set.</param>
    /// <param name="files">Files that may be open; null for any number.</param>
    public static ConnectionLimit Of(int streams, long? files)
    {
        var room = files is { } most ? Math.Max(most - OtherFiles, most / 2) : long.MaxValue;
        var connections = (int)Math.Min(streams + OtherRequests, room);
        return new(connections, (int)Math.Min(streams, connections - Math.Min(connections / 10L, OtherRequests)));
    }

    /// <summary>The hard limit: .NET raises the soft one to it.</summary>
    private static long? OpenFiles()
    {
        const string limits = "/proc/self/limits";
        const string name = "Max open files";
        return File.Exists(limits)
            && File.ReadLines(limits).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var hard, ..]
            && long.TryParse(hard, out var files) ? files : null;
    }
}
