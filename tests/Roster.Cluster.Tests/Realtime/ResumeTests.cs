using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Realtime;

/// <summary>
/// Two processes over two PostgreSQL shards: each is killed in turn while users sign up and change through the other. Every
/// client hears everything that was acknowledged once, in the order of its user.
/// </summary>
public sealed class ResumeTests(ITestOutputHelper output)
{
    private const int Clients = 20;
    private const int Kills = 3;

    [Fact]
    public async Task Streams_resume_on_another_node_after_theirs_was_killed()
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 2);
        List<EventClient> clients = [.. Enumerable.Range(0, Clients).Select(i => new EventClient(cluster.Nodes, i))];
        using var stop = new CancellationTokenSource();
        var listening = clients.Select(client => client.RunAsync(stop.Token)).ToList();
        await Task.WhenAll(clients.Select(client => client.Begun.Task)).WaitAsync(RosterProcess.Patience);

        List<(string Subject, string Sequence)> written = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            var (dying, living) = (cluster.Nodes[kill % 2], cluster.Nodes[(kill + 1) % 2]);
            using var http = living.Connect();
            using var done = new CancellationTokenSource();
            var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(n => WriteAsync(http, $"{kill}.{n}", written, done.Token)));
            await Task.Delay(400);
            await dying.KillAsync();
            await Task.Delay(400);
            await done.CancelAsync();
            await writing;
            await dying.StartAgainAsync();
        }

        var start = Stopwatch.GetTimestamp();
        while (clients.Any(client => client.Count < written.Count) && Stopwatch.GetElapsedTime(start) < RosterProcess.Patience)
        {
            await Task.Delay(20);
        }

        // Whatever would come twice has come by the time that this one has.
        using (var http = cluster.Nodes[0].Connect())
        {
            using var once = new CancellationTokenSource();
            await once.CancelAsync();
            await WriteAsync(http, "last", written, once.Token);
        }

        while (clients.Any(client => client.Count < written.Count) && Stopwatch.GetElapsedTime(start) < RosterProcess.Patience)
        {
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await Task.WhenAll(listening);
        foreach (var client in clients)
        {
            Assert.Equal(written.Order(), client.Seen.Order());
            Assert.All(client.Seen.GroupBy(told => told.Subject), user => Assert.Equal(["1", "2"], user.Select(told => told.Sequence)));
            client.Dispose();
        }

        output.WriteLine($"{written.Count} events, {Clients} clients with {clients.Sum(client => client.Connections)} streams, {Kills} kills");
    }

    /// <summary>Users sign up and change their name, until it is stopped; one does in any case.</summary>
    private static async Task WriteAsync(HttpClient http, string name, List<(string Subject, string Sequence)> written, CancellationToken stop)
    {
        for (var i = 0; i == 0 || !stop.IsCancellationRequested; i++)
        {
            using var made = await http.PostAsJsonAsync("/users", new { name = "Ada", email = $"{name}.{i}@example.com" }, CancellationToken.None);
            made.EnsureSuccessStatusCode();
            var id = (await made.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("id").GetString()!;
            using var changed = await http.PatchAsJsonAsync($"/users/{id}", new { name = "Grace" }, CancellationToken.None);
            changed.EnsureSuccessStatusCode();
            lock (written)
            {
                written.AddRange([(id, "1"), (id, "2")]);
            }
        }
    }
}
