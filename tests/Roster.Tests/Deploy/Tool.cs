using System.ComponentModel;
using System.Diagnostics;
using Roster.Tests.Architecture;

namespace Roster.Tests.Deploy;

/// <summary>A program that people run on the files under <c>deploy</c>, run to its end in the repository's folder.</summary>
internal static class Tool
{
    /// <summary>Runs it.</summary>
    /// <param name="missing">What to say when it is not installed.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static async Task<ToolAnswer> RunAsync(string missing, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Sources.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new ToolAnswer(process.ExitCode, await output, await errors);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(missing, e);
        }
    }
}

/// <summary>What a program said.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ToolAnswer(int Code, string Output, string Errors);
