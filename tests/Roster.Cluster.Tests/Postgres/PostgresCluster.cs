using System.Security.Cryptography;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>API processes over PostgreSQL servers, each of which can be killed and started again.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private readonly List<PostgresServer> shards = [];
    private readonly List<RosterProcess> nodes = [];

    private PostgresCluster()
    {
    }

    public IReadOnlyList<PostgresServer> Shards => shards;

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

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
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
        }
    }

    private async Task StartNodesAsync(int count)
    {
        var settings = SettingsOf(shards);
        nodes.AddRange(Enumerable.Range(0, count).Select(_ => RosterProcess.Prepare(settings)));
        var migrated = await nodes[0].RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        foreach (var node in nodes)
        {
            await node.StartFirstAsync();
        }
    }
}
