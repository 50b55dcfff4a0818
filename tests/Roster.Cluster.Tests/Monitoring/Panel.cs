using System.Text.Json;

namespace Roster.Cluster.Tests.Monitoring;

/// <summary>A query of a dashboard's panel.</summary>
/// <param name="Name">Dashboard and panel.</param>
/// <param name="Expression">What it asks Prometheus, with Grafana's variables filled in as for everything.</param>
internal sealed record Panel(string Name, string Expression)
{
    public static IReadOnlyList<Panel> All { get; } =
        [.. Directory.EnumerateFiles(Report.Beneath("deploy", "monitoring", "grafana", "dashboards"), "*.json").SelectMany(Read)];

    private static IEnumerable<Panel> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var panels = document.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _));
        return [.. panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => new Panel(
            $"{Path.GetFileName(file)}: {panel.GetProperty("title").GetString()}",
            target.GetProperty("expr").GetString()!
                .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
                .Replace("$instance", ".*", StringComparison.Ordinal)
                .Replace("$job", ".*", StringComparison.Ordinal))))];
    }
}
