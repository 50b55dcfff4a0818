using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>Where requests run: on PostgreSQL, where they arrived; on the embedded store, which may wait for a disk, on the pool.</summary>
public sealed class InlineSocketTests
{
    private const int Reads = 2_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_at_hand_is_answered_without_a_thread_of_the_pool()
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 1, nodes: 1);
        using var http = cluster.Nodes[0].Connect();

        // Its background does a few each second.
        Assert.InRange(await PoolItemsOfReadsAsync(http), 0, Reads / 2);
    }

    [Fact]
    public async Task The_embedded_store_leaves_those_who_wait_for_sockets_alone()
    {
        await using var server = await RosterProcess.StartAsync();
        using var http = server.Connect();
        Assert.InRange(await PoolItemsOfReadsAsync(http), Reads, long.MaxValue);
    }

    private static async Task<long> PoolItemsOfReadsAsync(HttpClient http)
    {
        using var made = await http.PostAsJsonAsync(new Uri("/users", UriKind.Relative), new { name = "Ada", email = "ada@example.com" }, Cancel);
        var user = new Uri($"/users/{(await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString()}", UriKind.Relative);
        for (var i = 0; i < 100; i++)
        {
            await http.GetByteArrayAsync(user, Cancel);
        }

        var before = await PoolItemsAsync(http);
        for (var i = 0; i < Reads; i++)
        {
            await http.GetByteArrayAsync(user, Cancel);
        }

        return await PoolItemsAsync(http) - before;
    }

    /// <summary>What the pool's threads have done since the server's start.</summary>
    private static async Task<long> PoolItemsAsync(HttpClient http)
    {
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        var line = text.Split('\n').Single(line => line.StartsWith("dotnet_thread_pool_work_item_count_total", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
