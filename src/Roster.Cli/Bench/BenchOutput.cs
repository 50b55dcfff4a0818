using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench;

/// <summary>Where a result goes besides the screen.</summary>
/// <param name="Json">A file for everything as JSON; null for none.</param>
/// <param name="Histogram">A file for HdrHistogram's text; null for none.</param>
/// <param name="Picture">A PNG file; null for none.</param>
internal sealed record BenchOutput(string? Json, string? Histogram, string? Picture)
{
    /// <summary>Finds out before a run what would fail after it.</summary>
    public void Check()
    {
        foreach (var file in new[] { Json, Histogram, Picture })
        {
            if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            {
                throw VerbException.Usage($"{file} cannot be written: its folder is not there.");
            }
        }

        if (Picture is not null && PlotProgram.Find() is null)
        {
            throw new VerbException(
                $"--plot needs the program roster-plot, which is not here: run ./roster of the sources, name it in {PlotProgram.Variable}, or write --json and draw that with bench/plot.");
        }
    }

    /// <summary>Writes all of it.</summary>
    public async Task SaveAsync(BenchSettings settings, BenchResult result, CancellationToken cancellation)
    {
        if (Histogram is not null)
        {
            await using var file = File.CreateText(Histogram);
            BenchJson.WriteHistogram(result, file);
        }

        if (Json is null && Picture is null)
        {
            return;
        }

        var json = Json ?? Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(json))
            {
                BenchJson.Write(settings, result, file);
            }

            if (Picture is not null)
            {
                await PlotProgram.DrawAsync(PlotProgram.Find()!, json, Picture, cancellation);
            }
        }
        finally
        {
            if (Json is null)
            {
                File.Delete(json);
            }
        }
    }
}
