using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;

namespace Roster.Cluster.Tests.Monitoring;

/// <summary>
/// A node on PostgreSQL with a replica and Redis, and one with the embedded store, which does the events' work too: together they
/// have every metric. The first shows them on a listener of their own, the second to the administrator's key.
/// </summary>
internal sealed class MonitoredCluster : IAsyncDisposable
{
    private const string WrongKey = "rk_wrong";
    private const int Burst = 200;

    private readonly List<IAsyncDisposable> parts = [];
    private readonly List<HttpClient> clients = [];
    private readonly List<IDisposable> streams = [];
    private RosterProcess? node;

    public PrometheusServer Prometheus { get; private set; } = null!;

    /// <summary>What the node on PostgreSQL has logged, as ECS.</summary>
    public string Log => node!.Process.Errors;

    /// <summary>What must never be in a log.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public static async Task<MonitoredCluster> StartAsync()
    {
        var cluster = new MonitoredCluster();
        try
        {
            var (metrics, embedded) = await cluster.StartNodesAsync();
            cluster.Prometheus = cluster.Add(await PrometheusServer.StartAsync($$"""
                global: { scrape_interval: 1s, evaluation_interval: 5s }
                rule_files: ["{{Report.Beneath("deploy", "monitoring", "rules")}}/roster.yml"]
                scrape_configs:
                  - job_name: roster
                    static_configs: [{ targets: ["{{metrics}}"] }]
                  - job_name: roster-embedded
                    authorization: { credentials: "{{embedded.Key}}" }
                    static_configs: [{ targets: ["{{embedded.Address.Authority}}"] }]
                """));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A little of everything that clients do.</summary>
    public async Task UseAsync(CancellationToken cancellation)
    {
        foreach (var http in clients)
        {
            for (var i = 0; i < 20; i++)
            {
                using var made = await http.PostAsync(new Uri("/users", UriKind.Relative), Body($$"""{ "name": "Ada", "email": "ada{{i}}@example.com" }"""), cancellation);
                made.EnsureSuccessStatusCode();
                using var asked = new HttpRequestMessage(HttpMethod.Get, made.Headers.Location);
                asked.Headers.Add("Consistency-Token", made.Headers.GetValues("Consistency-Token"));
                using var read = await http.SendAsync(asked, cancellation);
                read.EnsureSuccessStatusCode();
            }

            using var wrong = new HttpRequestMessage(HttpMethod.Get, "/users") { Headers = { { "Authorization", $"Bearer {WrongKey}" } } };
            (await http.SendAsync(wrong, cancellation)).Dispose();
            streams.Add(await http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation));
            (await http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation)).Dispose();
        }

        await BeRefusedAsync(clients[0], cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        streams.ForEach(stream => stream.Dispose());
        clients.ForEach(client => client.Dispose());
        foreach (var part in Enumerable.Reverse(parts))
        {
            await part.DisposeAsync();
        }
    }

    /// <summary>More at once than a key may send to the node that has a limit.</summary>
    private static async Task BeRefusedAsync(HttpClient http, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Burst).Select(_ => http.GetAsync(new Uri("/users?limit=1", UriKind.Relative), cancellation)));
        Xunit.Assert.Contains(answers, answer => answer.StatusCode == System.Net.HttpStatusCode.TooManyRequests);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    private async Task<(string Metrics, RosterProcess Embedded)> StartNodesAsync()
    {
        var primary = Add(await PostgresServer.StartAsync());
        var replica = Add(await primary.StartReplicaAsync("replica_1"));
        var redis = Add(await RedisServer.StartAsync());
        var metrics = $"127.0.0.1:{LoopbackPorts.Free()}";
        var settings = PostgresCluster.SettingsOf(primary);
        settings["Roster__Shards__0__Replicas__0"] = replica.ConnectionStringOf("postgres");
        settings["Roster__Metrics__Urls"] = $"http://{metrics}";
        settings["Roster__Logging__Format"] = "ecs";
        settings["Roster__Redis"] = redis.Configuration;
        settings["Roster__RateLimit__PerSecond"] = "20";
        settings["Roster__RateLimit__Burst"] = $"{Burst}";
        node = Add(RosterProcess.Prepare(settings));
        Secrets = [node.Key, WrongKey, primary.PasswordLine.Trim().Split(':')[^1], redis.Configuration.Split('=')[^1]];
        var migrated = await node.RunAsync("migrate");
        Xunit.Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        await node.StartFirstAsync();
        var embedded = Add(await RosterProcess.StartAsync());
        clients.AddRange([node.Connect(), embedded.Connect()]);
        return (metrics, embedded);
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static StringContent Body(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
