namespace Roster.Cluster.Tests.Monitoring;

/// <summary>What has no series while all is well: declared one by one, so that nothing else may lack them.</summary>
internal static class Outages
{
    /// <summary>Counters that first count when something fails.</summary>
    private static readonly string[] Metrics =
    [
        "roster_batch_refused_total", "roster_outbox_failures_total", "roster_outbox_expired_total", "roster_consumer_failures_total",
        "roster_consumer_paused", "roster_mail_failed_total", "roster_shard_leader_changes_total", "roster_shard_read_retries_total",
        "roster_overload_shed_total", "roster_shard_breakers_open", "roster_shard_breaker_openings_total",
    ];

    /// <summary>Alerts whose expression is empty while there is nothing to tell.</summary>
    private static readonly string[] Alerts = ["RosterErrors", "RosterNobodyReads"];

    private static readonly string Source = string.Concat(
        Directory.EnumerateFiles(Report.Beneath("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    /// <summary>Whether an expression may be empty.</summary>
    public static bool Explain(string expression) =>
        Metrics.Any(metric => expression.Contains(metric, StringComparison.Ordinal));

    /// <summary>Whether an alert's expression may be empty.</summary>
    public static bool ExplainAlert(string name) => Alerts.Contains(name);

    /// <summary>Those that no source makes: they could never have a series.</summary>
    public static IEnumerable<string> Invented => Metrics.Where(metric => !IsThere(metric.Replace("_total", string.Empty, StringComparison.Ordinal)));

    private static bool IsThere(string metric) => Source.Replace('.', '_').Contains($"\"{metric}\"", StringComparison.Ordinal);
}
