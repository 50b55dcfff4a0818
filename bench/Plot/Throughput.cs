using ScottPlot;
using ScottPlot.TickGenerators;

namespace Plot;

/// <summary>Requests answered in each second.</summary>
internal static class Throughput
{
    public static void Draw(ScottPlot.Plot plot, IReadOnlyList<Measured> runs)
    {
        Look.Apply(plot, "", "seconds since the measuring began", "requests/s");
        foreach (var (i, run) in runs.Index())
        {
            var line = plot.Add.Scatter(
                Enumerable.Range(0, run.Seconds.Count).Select(second => second + 0.5).ToArray(), run.Seconds.Select(second => second.Rate).ToArray(), Look.Colors[i]);
            line.LineWidth = 2.5f;
            line.MarkerSize = run.Seconds.Count > 60 ? 0 : 6;
            line.LegendText = $"{run.Name}: {run.Rate:N0}/s";
        }

        var most = runs.SelectMany(run => run.Seconds).Select(second => second.Rate).DefaultIfEmpty(1).Max();
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => $"{value:N0}", TargetTickCount = 7 };
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.SetLimits(0, Math.Max(1, runs.Max(run => run.Seconds.Count)), 0, most * 1.1);
        plot.ShowLegend(Alignment.LowerRight).FontSize = 14;
    }
}
