namespace Roster.Cluster.Tests.Processes;

/// <summary>What is started, up to the arguments of <c>serve</c>: the built program beside these tests.</summary>
/// <param name="Command">The executable.</param>
/// <param name="Arguments">What stands before <c>serve</c>.</param>
internal sealed record ServerProgram(string Command, IReadOnlyList<string> Arguments)
{
    /// <summary>The real program.</summary>
    public static ServerProgram Roster { get; } = new("dotnet", [Beside("roster.dll")]);

    /// <summary>The same API on an engine that does not sync as it should.</summary>
    /// <param name="syncLevel">SQLite's <c>synchronous</c>: Off, Normal, Full.</param>
    public static ServerProgram Unsafe(string syncLevel) => new("dotnet", [Beside("Roster.UnsafeServer.dll"), syncLevel]);

    /// <summary>
    /// This program watched by strace. With <c>-D</c> strace is the grandchild, so the process that was started is the
    /// server itself and signals reach it.
    /// </summary>
    /// <param name="log">Where strace writes.</param>
    /// <param name="calls">The system calls to log.</param>
    /// <param name="bytes">How much of each buffer to log.</param>
    public ServerProgram Traced(string log, string calls, int bytes) => new(
        "strace", ["-D", "-f", "--seccomp-bpf", "-ttt", "-y", "-xx", "-s", $"{bytes}", "-e", $"trace={calls}", "-o", log, Command, .. Arguments]);

    /// <summary>This program in a terminal of its own, which is closed when the process that was started (script(1)) is killed.</summary>
    /// <param name="shell">What a shell in it does with the program, <c>$line</c>.</param>
    public ServerProgram InTerminal(string shell) => new(
        "bash", ["-c", $"export TERM=dumb; printf -v line '%q ' \"$@\"; exec script -qfec \"{shell}\" /dev/null", "bash", Command, .. Arguments]);

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
