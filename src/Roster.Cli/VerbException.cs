namespace Roster.Cli;

/// <summary>Ends a verb with a sentence for the person who ran it.</summary>
/// <param name="message">The sentence.</param>
/// <param name="exitCode">The program's exit code.</param>
/// <param name="inner">What led to it.</param>
public sealed class VerbException(string message, int exitCode = 1, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command was written wrongly.</summary>
    public static VerbException Usage(string message) => new(message, CommandLine.UsageError);
}
