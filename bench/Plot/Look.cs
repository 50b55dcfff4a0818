using ScottPlot;

namespace Plot;

/// <summary>What all pictures share.</summary>
internal static class Look
{
    /// <summary>Told apart by people who see few colours: Okabe and Ito's, the darker ones first.</summary>
    public static readonly Color[] Colors =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Color.FromHex("#555555"), Color.FromHex("#A0522D"),
    ];

    /// <summary>Before the first plot is made.</summary>
    public static void Begin() => Fonts.Default = Array.Find(["DejaVu Sans", "Segoe UI", "Helvetica"], name => SkiaSharp.SKFontManager.Default.FontFamilies.Contains(name)) ?? Fonts.Default;

    private static readonly Color Ink = Color.FromHex("#222222");

    public static void Apply(ScottPlot.Plot plot, string title, string x, string y)
    {
        plot.Title(title, 18);
        plot.XLabel(x, 14);
        plot.YLabel(y, 14);
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
    }
}
