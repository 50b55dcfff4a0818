namespace Roster.Cluster.Tests.Processes;

/// <summary>A command that has ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs the real program to its end.</summary>
    public static async Task<Ended> RunAsync(
        string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var child = ChildProcess.Start(ServerProgram.Roster, arguments, folder, environment);
        var code = await child.WaitAsync(RosterProcess.Patience);
        return new Ended(code, child.Output, child.Errors);
    }
}
