using System.Net;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Backups;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>A shard is backed up with PostgreSQL's own means while it is written to, and restored as docs/operations/postgres.md says.</summary>
public sealed class PostgresBackupTests(ITestOutputHelper output)
{
    private const int Clients = 6;

    [Fact]
    public async Task A_shard_copied_under_load_holds_every_write_acknowledged_before_and_every_state_is_the_fold_of_its_events()
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 1, nodes: 1);
        using var http = cluster.Nodes[0].Connect();
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(number => new BusyClient(number, http)).ToList();
        var working = clients.Select(client => client.WorkAsync(end.Token)).ToList();
        await Task.Delay(500);
        var known = clients.Select(client => (Client: client, Users: client.Known())).ToList();
        await using var copy = await cluster.Shards[0].StartCopyAsync();
        using var late = await http.PostAsJsonAsync("/users", new { name = "Late", email = "late@example.com" });
        Assert.Equal(HttpStatusCode.Created, late.StatusCode);
        await end.CancelAsync();
        await Task.WhenAll(working);
        output.WriteLine($"{known.Sum(k => k.Users.Count)} users before the copy, {clients.Sum(client => client.Writes)} writes in the end");

        await using var restored = RosterProcess.Prepare(PostgresCluster.SettingsOf(copy));
        var rebuild = await restored.RunAsync("rebuild", "--verify");
        output.WriteLine(rebuild.Output);
        Assert.Equal((0, string.Empty), (rebuild.ExitCode, rebuild.Errors));
        Assert.Contains("  log at 2/", (await restored.RunAsync("shards", "status")).Output, StringComparison.Ordinal);
        await restored.StartFirstAsync();
        using var there = restored.Connect();
        foreach (var (client, users) in known)
        {
            await new Verification(there) { MayBeDeleted = client.MayBeDeleted }.NothingIsLostAsync(users, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        // A token of what the copy has lost is of another timeline: it holds nobody up.
        using var lost = new HttpRequestMessage(HttpMethod.Get, late.Headers.Location);
        lost.Headers.Add("Consistency-Token", late.Headers.GetValues("Consistency-Token"));
        using var missing = await there.SendAsync(lost);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var again = await there.PostAsJsonAsync("/users", new { name = "Late", email = "late@example.com" });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }
}
