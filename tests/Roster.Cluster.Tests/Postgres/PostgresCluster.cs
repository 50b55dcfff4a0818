using System.Security.Cryptography;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>
/// API processes over PostgreSQL servers, every second one through pgbouncers; each of all these can be killed and started again.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private readonly List<PostgresServer> shards = [];
    private readonly List<PgBouncer> bouncers = [];
    private readonly List<RosterProcess> nodes = [];
    private readonly List<WorkProcess> workers = [];
    private readonly string key = RandomNumberGenerator.GetHexString(32);

    private PostgresCluster()
    {
    }

    public IReadOnlyList<PostgresServer> Shards => shards;

    public IReadOnlyList<PgBouncer> Bouncers => bouncers;

    public IReadOnlyList<RosterProcess> Nodes => nodes;

    /// <summary>Starts everything and waits until it is ready; the first node makes the shard map.</summary>
    public static async Task<PostgresCluster> StartAsync(int shards, int nodes)
    {
        var cluster = new PostgresCluster();
        try
        {
            await cluster.StartShardsAsync(shards);
            await cluster.StartNodesAsync(nodes);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a worker that writes mails into a folder.</summary>
    /// <param name="mails">The folder.</param>
    /// <param name="more">Settings beside those of the shards.</param>
    public async Task<WorkProcess> StartWorkerAsync(string mails, IReadOnlyDictionary<string, string>? more = null)
    {
        var settings = Settings(throughBouncers: workers.Count % 2 == 1);
        settings["Roster__Email__Directory"] = mails;
        foreach (var (name, value) in more ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            settings[name] = value;
        }

        workers.Add(await WorkProcess.StartAsync(settings));
        return workers[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }

        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var bouncer in bouncers)
        {
            await bouncer.DisposeAsync();
        }

        foreach (var shard in shards)
        {
            await shard.DisposeAsync();
        }
    }

    /// <summary>Settings of a node over these shards.</summary>
    public static Dictionary<string, string> SettingsOf(params IReadOnlyList<PostgresServer> shards)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["Roster__Storage"] = "postgres",
            ["Roster__Auth__AdminKey"] = RandomNumberGenerator.GetHexString(32),
        };
        for (var i = 0; i < shards.Count; i++)
        {
            settings[$"Roster__Shards__{i}__Primary"] = shards[i].ConnectionStringOf("postgres");
        }

        return settings;
    }

    private async Task StartShardsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            shards.Add(await PostgresServer.StartAsync());
            bouncers.Add(await PgBouncer.StartAsync(shards[i]));
        }
    }

    private async Task StartNodesAsync(int count)
    {
        nodes.AddRange(Enumerable.Range(0, count).Select(i => RosterProcess.Prepare(Settings(throughBouncers: i % 2 == 1))));
        var migrated = await nodes[0].RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        foreach (var node in nodes)
        {
            await node.StartFirstAsync();
        }
    }

    /// <summary>Settings of a process of this cluster, with the cluster's key.</summary>
    private Dictionary<string, string> Settings(bool throughBouncers)
    {
        var settings = SettingsOf(shards);
        settings["Roster__Auth__AdminKey"] = key;
        settings["Roster__Postgres__PrepareStatements"] = throughBouncers ? "false" : "true";
        for (var i = 0; i < shards.Count; i++)
        {
            settings[$"Roster__Shards__{i}__Direct"] = shards[i].ConnectionStringOf("postgres");
            settings[$"Roster__Shards__{i}__Primary"] = throughBouncers ? bouncers[i].ConnectionStringOf("postgres") : settings[$"Roster__Shards__{i}__Direct"];
        }

        return settings;
    }
}
