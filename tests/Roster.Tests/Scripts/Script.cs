using System.Diagnostics;
using System.Text;
using Xunit;

namespace Roster.Tests.Scripts;

/// <summary>A script of the repository, run as people run it.</summary>
internal static class Script
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Runs it by bash; what it writes to standard output is UTF-8.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string script, string input, params string[] args)
    {
        var start = new ProcessStartInfo("bash")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
        };
        foreach (var argument in (string[])["-c", "exec \"$0\" \"$@\"", Path.Combine(Repository(), script), .. args])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(await errors);
        return (process.ExitCode, await output);
    }

    /// <summary>The folder that has everything.</summary>
    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Roster.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
