using System.Text.RegularExpressions;
using Roster.Lab;

namespace Roster.Cluster.Tests.Monitoring;

/// <summary>An alert as a running Prometheus has loaded it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Measured">Its expression without the bound at its end.</param>
/// <param name="Runbook">Where it is written what to do.</param>
internal sealed partial record Alert(string Name, string Measured, string Runbook)
{
    public static async Task<IReadOnlyList<Alert>> LoadedAsync(PrometheusServer prometheus, CancellationToken cancellation)
    {
        using var document = await prometheus.AskAsync("/api/v1/rules", cancellation);
        return [.. document.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => new Alert(
                rule.GetProperty("name").GetString()!,
                Bound().Replace(rule.GetProperty("query").GetString()!, string.Empty),
                rule.GetProperty("annotations").GetProperty("runbook_url").GetString()!))];
    }

    [GeneratedRegex(@"\s*(>|<|==)\s*[\d.]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bound();
}
