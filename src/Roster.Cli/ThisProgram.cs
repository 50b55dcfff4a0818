namespace Roster.Cli;

/// <summary>How this program is started once more.</summary>
internal static class ThisProgram
{
    /// <summary>What stands before the verb: the built program is an executable, or a library that <c>dotnet</c> runs.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "roster.dll")]
            : [Environment.ProcessPath!];
}
