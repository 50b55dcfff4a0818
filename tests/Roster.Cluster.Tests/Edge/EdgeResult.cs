using System.Globalization;
using System.Text.Json;
using Roster.Cluster.Tests.Histories;

namespace Roster.Cluster.Tests.Edge;

/// <summary>What became of a load, for tests and reports.</summary>
internal static class EdgeResult
{
    /// <summary>Of requests that are safe to repeat, those that succeeded, in hundredths.</summary>
    public static double SucceededOfRepeatable(this EdgeLoad load)
    {
        var repeatable = load.Done.Where(request => request.Kind.IsRepeatable).ToList();
        return 100.0 * repeatable.Count(request => request.Failure is null) / repeatable.Count;
    }

    /// <summary>What failed, for people.</summary>
    public static IReadOnlyList<string> Failures(this EdgeLoad load) =>
        [.. load.Done.Where(request => request.Failure is not null).OrderBy(request => request.At)
            .Select(request => string.Create(CultureInfo.InvariantCulture, $"{request.At:0.000} s, {request.Kind.Name}, after {request.Seconds * 1000:0} ms: {request.Failure}"))];

    /// <summary>Acknowledged users and changes that are not there.</summary>
    public static async Task<IReadOnlyList<string>> LostAsync(this EdgeLoad load, HttpClient http)
    {
        var export = await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
        var there = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SeenUser.Of).ToDictionary(user => user.Id, StringComparer.Ordinal);
        return [.. load.Known.Where(known => !there.TryGetValue(known.Id, out var user) || user.Version < known.Version).Select(known => $"{known.Id} {known.Version}")];
    }

    /// <summary>Lines of nginx's log with more than one node: requests that nginx sent again.</summary>
    public static async Task<int> RepeatedAsync(string accessLog)
    {
        // Its buffer is written each second.
        await Task.Delay(1_500);
        var repeated = 0;
        await foreach (var line in File.ReadLinesAsync(accessLog))
        {
            using var json = JsonDocument.Parse(line);
            repeated += json.RootElement.GetProperty("nodes").GetString()!.Contains(',', StringComparison.Ordinal) ? 1 : 0;
        }

        return repeated;
    }

    /// <summary>A table of kinds of requests.</summary>
    public static string Table(this EdgeLoad load)
    {
        List<string> rows = ["| Request | sent | failed | p50 ms | p99 ms | p99.9 ms | longest ms |", "|---|---|---|---|---|---|---|"];
        foreach (var kind in load.Done.GroupBy(request => request.Kind.Name, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            List<double> took = [.. kind.Select(request => request.Seconds * 1_000).Order()];
            rows.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{kind.Key}` | {took.Count:N0} | {kind.Count(request => request.Failure is not null)} | {At(took, 0.5):0.0} | {At(took, 0.99):0} | {At(took, 0.999):0} | {took[^1]:0} |"));
        }

        return string.Join('\n', rows) + "\n";
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
