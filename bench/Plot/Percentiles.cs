using ScottPlot;
using ScottPlot.TickGenerators;

namespace Plot;

/// <summary>Latency by percentile, as HdrHistogram's plots show it: each nine is as wide as the last, milliseconds grow tenfold.</summary>
internal static class Percentiles
{
    private static readonly (double At, string Label)[] Ticks =
        [(0, "0 %"), (50, "50 %"), (90, "90 %"), (99, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %"), (99.999, "99.999 %")];

    public static void Draw(ScottPlot.Plot plot, IReadOnlyList<Measured> runs, string title)
    {
        Look.Apply(plot, title, "percentile of requests", "latency, ms");
        foreach (var (i, run) in runs.Index())
        {
            var points = run.Percentiles.Where(point => point.At < 100).ToArray();
            var line = plot.Add.Scatter(
                points.Select(point => XOf(point.At)).ToArray(), points.Select(point => YOf(point.Ms)).ToArray(), Look.Colors[i]);
            line.LineWidth = 2.5f;
            line.MarkerSize = 6;
            line.LegendText = $"{run.Name}: p50 {Ms(run, 50)}, p99 {Ms(run, 99)} ms" + (run.Errors > 0 ? $", {run.Errors:N0} failed" : "");
        }

        plot.Axes.Bottom.TickGenerator = new NumericManual([.. Ticks.Select(tick => new Tick(XOf(tick.At), tick.Label))]);
        var (low, high) = Decades(runs);
        plot.Axes.Left.TickGenerator = new NumericManual(
        [
            .. Enumerable.Range(low, high - low + 1).Select(power => new Tick(power, $"{Math.Pow(10, power):#,0.####}")),
            .. Enumerable.Range(low, high - low).SelectMany(power => Enumerable.Range(2, 8).Select(n => new Tick(power + Math.Log10(n), "", isMajor: false))),
        ]);
        plot.Axes.SetLimits(XOf(0), XOf(99.999) + 0.25, low, high);
        plot.ShowLegend(Alignment.UpperLeft).FontSize = 14;
    }

    private static (int Low, int High) Decades(IReadOnlyList<Measured> runs)
    {
        var all = runs.SelectMany(run => run.Percentiles.Where(point => point.At < 100)).Select(point => YOf(point.Ms)).DefaultIfEmpty(0).ToArray();
        var low = (int)Math.Floor(all.Min());
        return (low, Math.Max(low + 1, (int)Math.Ceiling(all.Max() + 0.3)));
    }

    private static string Ms(Measured run, double at)
    {
        var ms = run.Percentiles.First(point => point.At >= at).Ms;
        return ms >= 100 ? $"{ms:N0}" : ms >= 10 ? $"{ms:0.0}" : $"{ms:0.00}";
    }

    private static double XOf(double percentile) => -Math.Log10(1 - (percentile / 100));

    private static double YOf(double ms) => Math.Log10(Math.Max(ms, 0.001));
}
