using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>One of two shards is killed: its users wait, all others notice nothing, and nobody has to start a node again.</summary>
public sealed class DeadShardTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Users_of_a_dead_shard_get_503_all_others_go_on_and_it_comes_back_by_itself(int dead)
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 1);
        var node = cluster.Nodes[0];
        using var admin = node.Connect();
        using var http = await WithStoredKeyAsync(node, admin);
        var users = await OneUserEachAsync(http);
        await cluster.Shards[dead].KillAsync();

        await AssertDegradedAsync(http, users, dead);
        if (dead == 0)
        {
            // The node's copy of the keys has been asked for again, in vain, and goes on.
            await UntilAsync(() => Task.FromResult(node.Process.Errors.Contains("KeyRingRefresher is put off", StringComparison.Ordinal)), node);
            await AssertDegradedAsync(http, users, dead);
        }

        await cluster.Shards[dead].StartAgainAsync();
        await AssertWholeAsync(node, http, users);
        Assert.False(node.Process.HasExited);
    }

    [Fact]
    public async Task A_node_starts_while_a_shard_is_away_and_serves_it_once_it_is_there()
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 1);
        var node = cluster.Nodes[0];
        using var http = node.Connect();
        var users = await OneUserEachAsync(http);
        Assert.Equal(0, await node.StopAsync());
        await cluster.Shards[1].KillAsync();

        await node.StartAgainAsync();
        Assert.Contains("Shard 1: The database cannot be reached.", node.Process.Output, StringComparison.Ordinal);
        await AssertDegradedAsync(http, users, dead: 1);
        await cluster.Shards[1].StartAgainAsync();
        await AssertWholeAsync(node, http, users);

        Assert.Equal(0, await node.StopAsync());
        await cluster.Shards[0].KillAsync();
        var refused = await node.RunAsync("serve", "--urls", node.Address.ToString().TrimEnd('/'));
        Assert.Equal(
            (1, $"Shard 0 (127.0.0.1:{cluster.Shards[0].Port}/postgres): The database cannot be reached. It holds the control data (keys, placement secret, shard map), without which nothing starts."),
            (refused.ExitCode, refused.Errors.TrimEnd()));
    }

    private static async Task AssertDegradedAsync(HttpClient http, Dictionary<int, string> users, int dead)
    {
        using var ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var health = await ready.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.StartsWith($"Shard {dead}: ", Assert.Single(health.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);

        foreach (var (shard, id) in users)
        {
            using var read = await http.GetAsync(new Uri($"/users/{id}", UriKind.Relative), Cancel);
            using var written = await http.PatchAsJsonAsync(new Uri($"/users/{id}", UriKind.Relative), new { name = $"Ada {Random.Shared.Next()}" }, Cancel);
            var expected = shard == dead ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
            Assert.Equal((expected, expected), (read.StatusCode, written.StatusCode));
            Assert.Equal(shard == dead, read.Headers.RetryAfter is not null && written.Headers.RetryAfter is not null);
        }

        HashSet<HttpStatusCode> seen = [];
        for (var i = 0; i < 200 && seen.Count < 2; i++)
        {
            var (status, id) = await SignUpAsync(http);
            Assert.True(status is HttpStatusCode.ServiceUnavailable || (status is HttpStatusCode.Created && ShardOf(id!) != dead), $"{status} {id}");
            seen.Add(status);
        }

        Assert.Equal(2, seen.Count);
    }

    private static async Task AssertWholeAsync(RosterProcess node, HttpClient http, Dictionary<int, string> users)
    {
        await UntilAsync(async () => (await http.GetFromJsonAsync<JsonElement>(new Uri("/readyz", UriKind.Relative), Cancel)).GetProperty("status").GetString() == "ok", node);
        foreach (var id in users.Values)
        {
            using var written = await http.PatchAsJsonAsync(new Uri($"/users/{id}", UriKind.Relative), new { name = $"Ada {Random.Shared.Next()}" }, Cancel);
            Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        }

        using var list = await http.GetAsync(new Uri("/users", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    private static async Task<Dictionary<int, string>> OneUserEachAsync(HttpClient http)
    {
        Dictionary<int, string> users = [];
        while (users.Count < 2)
        {
            var (status, id) = await SignUpAsync(http);
            Assert.Equal(HttpStatusCode.Created, status);
            users.TryAdd(ShardOf(id!), id!);
        }

        return users;
    }

    private static async Task<(HttpStatusCode Status, string? Id)> SignUpAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/users", new { name = "Ada", email = $"ada{Random.Shared.NextInt64()}@example.com" }, Cancel);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString() : null);
    }

    /// <summary>Of two shards the first has the lower half of the buckets; an id carries its own.</summary>
    private static int ShardOf(string id) => int.Parse(id.AsSpan(15, 3), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 2048;

    /// <summary>A client whose key is in the control data, not in the settings.</summary>
    private static async Task<HttpClient> WithStoredKeyAsync(RosterProcess node, HttpClient admin)
    {
        using var wanted = new StringContent("""{ "name": "test", "scopes": ["users:read", "users:write"] }""", new MediaTypeHeaderValue("application/json"));
        using var made = await admin.PostAsync(new Uri("/keys", UriKind.Relative), wanted, Cancel);
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("secret").GetString();
        var http = node.Connect();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, RosterProcess node)
    {
        for (var start = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(50, Cancel))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, node.Process.Errors);
        }
    }
}
