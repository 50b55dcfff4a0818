using System.Text.Json;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Plot;

/// <summary>Bars that lie, so that their names can be read; each with the range of its rounds.</summary>
internal sealed record BarChart(string Title, string Unit, IReadOnlyList<BarChart.Bar> Bars)
{
    /// <param name="Name">Beside it.</param>
    /// <param name="Value">Its length: the median.</param>
    /// <param name="Low">The least round.</param>
    /// <param name="High">The greatest round.</param>
    /// <param name="Ours">Whether it is Roster's.</param>
    internal sealed record Bar(string Name, double Value, double Low, double High, bool Ours);

    public static BarChart Read(string file) =>
        JsonSerializer.Deserialize<BarChart>(File.ReadAllText(file), JsonSerializerOptions.Web) is { Bars.Count: > 0 } chart
            ? chart : throw new InvalidOperationException($"{file} has no bars.");

    public static ScottPlot.Plot Draw(BarChart chart)
    {
        var plot = new ScottPlot.Plot();
        Look.Apply(plot, chart.Title, chart.Unit, "");
        var count = chart.Bars.Count;
        var most = chart.Bars.Max(bar => Math.Max(bar.High, bar.Value));
        foreach (var (i, bar) in chart.Bars.Index())
        {
            var y = count - 1 - i;
            plot.Add.Bar(new ScottPlot.Bar
            {
                Position = y, Value = bar.Value, Orientation = Orientation.Horizontal, Size = 0.66,
                FillColor = bar.Ours ? Look.Colors[0] : Color.FromHex("#B9C2C9"), LineWidth = 0,
            });
            if (bar.High > bar.Low)
            {
                plot.Add.Line(bar.Low, y, bar.High, y).LineStyle = new LineStyle(2, Color.FromHex("#222222"));
            }

            var text = plot.Add.Text($"{bar.Value:N0}", Math.Max(bar.Value, bar.High) + (most * 0.01), y);
            text.LabelFontSize = 14;
            text.LabelAlignment = Alignment.MiddleLeft;
        }

        plot.Axes.Left.TickGenerator = new NumericManual([.. chart.Bars.Select((bar, i) => new Tick(count - 1 - i, bar.Name))]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.TickLabelStyle.FontSize = 14;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = value => $"{value:N0}" };
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.SetLimits(0, most * 1.13, -0.6, count - 0.4);
        return plot;
    }
}
