using System.ComponentModel;
using System.Diagnostics;

namespace Roster.Cli.Bench;

/// <summary>
/// The program that draws results, <c>bench/plot</c>: not a part of this one, because drawing needs native libraries as large
/// as they are of no use to a server (docs/adr/0024).
/// </summary>
internal static class PlotProgram
{
    /// <summary>Environment variable that names it; <c>./roster</c> sets it.</summary>
    public const string Variable = "ROSTER_PLOT";

    private const string Name = "roster-plot";

    /// <summary>Its file; null when it is not there.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? (File.Exists(named) ? named : null)
            : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
                .Prepend(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);

    /// <summary>Draws one run.</summary>
    /// <param name="program">From <see cref="Find"/>.</param>
    /// <param name="json">The run's JSON file.</param>
    /// <param name="picture">The PNG file to write.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task DrawAsync(string program, string json, string picture, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [picture, json]) { UseShellExecute = false, RedirectStandardError = true })!;
            var said = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                throw new VerbException($"{program} did not draw {picture}: {said.ReplaceLineEndings(" ").Trim()}");
            }
        }
        catch (Win32Exception e)
        {
            throw new VerbException($"{program} cannot be run: {e.Message}.", inner: e);
        }
    }
}
