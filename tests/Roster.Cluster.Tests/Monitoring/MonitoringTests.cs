using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Roster.Cluster.Tests.Monitoring;

/// <summary>Dashboards and alerts ask for what a running Roster has, as a real Prometheus has scraped it.</summary>
public sealed class MonitoringTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_panel_and_every_alert_finds_what_it_asks_for()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cluster = await MonitoredCluster.StartAsync();
        await cluster.UseAsync(cancellation);
        var alerts = await Alert.LoadedAsync(cluster.Prometheus, cancellation);
        Assert.True(alerts.Count >= 15 && Panel.All.Count >= 50, $"{alerts.Count} alerts and {Panel.All.Count} panels");

        var asked = Panel.All.Where(panel => !Outages.Explain(panel.Expression)).Select(panel => (panel.Name, panel.Expression))
            .Concat(alerts.Where(alert => !Outages.ExplainAlert(alert.Name) && !Outages.Explain(alert.Measured)).Select(alert => (alert.Name, Expression: alert.Measured)))
            .ToList();
        for (var start = Stopwatch.GetTimestamp(); asked.Count > 0 && Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(250, cancellation))
        {
            foreach (var question in asked.ToList())
            {
                if (await cluster.Prometheus.CountAsync(question.Expression, cancellation) > 0)
                {
                    asked.Remove(question);
                }
            }
        }

        Assert.Empty(asked);
        foreach (var expression in Panel.All.Select(panel => panel.Expression).Concat(alerts.Select(alert => alert.Measured)))
        {
            // Also those that need an outage are understood.
            await cluster.Prometheus.CountAsync(expression, cancellation);
        }

        Assert.All(alerts, HasRunbook);
        IsEcsWithoutSecrets(cluster.Log, cluster.Secrets);
    }

    [Fact]
    public void What_is_excused_for_want_of_an_outage_exists() => Assert.Empty(Outages.Invented);

    private static void IsEcsWithoutSecrets(string log, IReadOnlyList<string> secrets)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.All(["@timestamp", "log.level", "message", "ecs.version", "service.name"], field => Assert.NotEmpty(json.RootElement.GetProperty(field).GetString()!));
        });
        Assert.Contains("\"trace.id\":\"", log, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    /// <summary>A heading has its own name, in small letters, as anchor.</summary>
    private static void HasRunbook(Alert alert)
    {
        var place = alert.Runbook.Split('#');
        Assert.Equal(alert.Name.ToLowerInvariant(), place[1]);
        Assert.Matches(new Regex($"^### {alert.Name}$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)), File.ReadAllText(Report.Beneath(place[0].Split('/'))));
    }
}
