using System.Globalization;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Figures of a run, for a report.</summary>
internal sealed class Distribution(IEnumerable<double> values)
{
    private readonly List<double> sorted = [.. values.Order()];

    public int Count => sorted.Count;

    public double Max => sorted[^1];

    /// <summary>A row of a table: count, p50, p90, p99, p99.9, max.</summary>
    /// <param name="format">Of a figure.</param>
    public string Row(string format) => string.Join(
        " | ", [Count.ToString("N0", CultureInfo.InvariantCulture), .. new[] { 0.5, 0.9, 0.99, 0.999, 1 }.Select(share => At(share).ToString(format, CultureInfo.InvariantCulture))]);

    /// <summary>The nearest rank.</summary>
    public double At(double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
