using System.Text.Json;

namespace Plot;

/// <summary>A run, as far as it is drawn.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Mix">What was requested.</param>
/// <param name="Load">Loop, rate and connections in words.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Errors">Requests that failed.</param>
/// <param name="Percentiles">Percentile and milliseconds.</param>
/// <param name="Seconds">For each: successes, and p99 in milliseconds.</param>
internal sealed record Measured(
    string Name, string Mix, string Load, double Rate, long Errors, IReadOnlyList<(double At, double Ms)> Percentiles, IReadOnlyList<(double Rate, double P99)> Seconds)
{
    /// <summary>From <c>[NAME=]FILE</c>.</summary>
    public static Measured Read(string named)
    {
        var at = named.IndexOf('=', StringComparison.Ordinal);
        var file = named[(at + 1)..];
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var run = json.RootElement;
        var load = run.GetProperty("loop").GetString() == "open"
            ? $"{run.GetProperty("targetRatePerSecond").GetDouble():N0} requests/s, open loop" : "closed loop";
        return new Measured(
            at > 0 ? named[..at] : Path.GetFileNameWithoutExtension(file),
            run.GetProperty("mix").GetString()!,
            $"{load}, {run.GetProperty("connections").GetInt32():N0} connections",
            run.GetProperty("ratePerSecond").GetDouble(),
            run.GetProperty("requests").GetInt64() - run.GetProperty("succeeded").GetInt64(),
            [.. run.GetProperty("percentiles").EnumerateArray().Select(each => (each.GetProperty("percentile").GetDouble(), each.GetProperty("ms").GetDouble()))],
            [.. run.GetProperty("timeline").EnumerateArray().Select(each => (each.GetProperty("succeeded").GetDouble(), each.GetProperty("p99").GetDouble()))]);
    }
}
