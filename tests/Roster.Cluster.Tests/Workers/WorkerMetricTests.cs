using System.Net.Http.Headers;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>Whose metrics are whose.</summary>
public sealed class WorkerMetricTests(MigratedServer server) : IClassFixture<MigratedServer>
{
    [Fact]
    public async Task A_workers_number_is_a_metric_and_no_attribute_of_all_of_them()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, workers: 2);
        List<string> texts = [];

        // The kernel chooses a worker for each connection: that 40 of them go to the same one does not happen in 10^11 runs.
        for (var connection = 0; connection < 40 && texts.DistinctBy(Number).Count() < 2; connection++)
        {
            texts.Add(await ScrapeAsync(node));
        }

        Assert.Equal(["1", "2"], texts.Select(Number).Distinct().Order(StringComparer.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("roster_worker=\"", text, StringComparison.Ordinal));
    }

    private static async Task<string> ScrapeAsync(SupervisedNode node)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = RosterProcess.Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", node.Key);
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{node.Port}/metrics"));
    }

    /// <summary><c>roster_worker{…} 2 1700000000000</c>: the value is behind the labels, if there are any.</summary>
    private static string Number(string text)
    {
        var line = Assert.Single(text.Split('\n'), line => line.StartsWith("roster_worker", StringComparison.Ordinal));
        return line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).First(part => char.IsAsciiDigit(part[0]));
    }
}
