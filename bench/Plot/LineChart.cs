using System.Text.Json;
using ScottPlot;

namespace Plot;

/// <summary>Lines over a common axis.</summary>
internal sealed record LineChart(string Title, string X, string Y, IReadOnlyList<LineChart.Line> Lines)
{
    /// <param name="Name">For the legend.</param>
    /// <param name="X">Where.</param>
    /// <param name="Y">What.</param>
    internal sealed record Line(string Name, double[] X, double[] Y);

    public static LineChart Read(string file) =>
        JsonSerializer.Deserialize<LineChart>(File.ReadAllText(file), JsonSerializerOptions.Web) is { Lines.Count: > 0 } chart
            ? chart : throw new InvalidOperationException($"{file} has no lines.");

    public static ScottPlot.Plot Draw(LineChart chart)
    {
        var plot = new ScottPlot.Plot();
        Look.Apply(plot, chart.Title, chart.X, chart.Y);
        foreach (var (i, line) in chart.Lines.Index())
        {
            var drawn = plot.Add.Scatter(line.X, line.Y, Look.Colors[i % Look.Colors.Length]);
            drawn.LineWidth = 2.5f;
            drawn.MarkerSize = 0;
            drawn.LegendText = line.Name;
        }

        plot.Axes.SetLimits(0, chart.Lines.Max(line => line.X.Max()), 0, chart.Lines.Max(line => line.Y.Max()) * 1.15);
        plot.ShowLegend(Alignment.UpperRight).FontSize = 14;
        return plot;
    }
}
