using System.Diagnostics;

namespace Roster.Lab;

/// <summary>Runs a program to its end.</summary>
internal static class LabCommand
{
    /// <summary>Runs it.</summary>
    /// <exception cref="LabException">It failed; the message holds what it wrote.</exception>
    public static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new LabException($"{command[0]} failed ({process.ExitCode}):\n{await output}{await errors}");
        }
    }
}
