using ScottPlot;

namespace Plot;

/// <summary>What the command line asks to be drawn.</summary>
internal static class Drawing
{
    private const string Usage = """
        usage: bench/plot PICTURE.png [--title TEXT] [NAME=]RUN.json …   latencies and throughput of runs, one colour each
               bench/plot PICTURE.png --bars BARS.json                    bars: {"title", "unit", "bars": [{"name", "value", "low", "high", "ours"}]}
               bench/plot PICTURE.png --lines LINES.json                  lines: {"title", "x", "y", "lines": [{"name", "x": [], "y": []}]}
        """;

    public static int Run(string[] args)
    {
        Look.Begin();
        if (args is [var picture, "--bars", var bars])
        {
            BarChart.Draw(BarChart.Read(bars)).SavePng(picture, 1000, 620);
            return 0;
        }

        if (args is [var drawn, "--lines", var lines])
        {
            LineChart.Draw(LineChart.Read(lines)).SavePng(drawn, 1000, 520);
            return 0;
        }

        var title = args is [_, "--title", var given, ..] ? given : null;
        var files = args[(title is null ? Math.Min(1, args.Length) : 3)..];
        if (files.Length == 0 || files.Length > Look.Colors.Length || Array.Exists(files, file => file.StartsWith('-')))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var runs = files.Select(Measured.Read).ToArray();
        var both = new Multiplot();
        both.AddPlots(2);
        Percentiles.Draw(both.GetPlot(0), runs, title ?? Titles.Of(runs));
        Throughput.Draw(both.GetPlot(1), runs);
        both.SavePng(args[0], 1000, 900);
        return 0;
    }
}
