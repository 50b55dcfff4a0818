using System.Security.Cryptography;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Lab;

namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs: a PostgreSQL server for each shard, and API nodes over all of them.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly LabFolder folder;
    private readonly List<PostgresServer> shards = [];
    private readonly List<ApiNode> nodes = [];

    private Cluster(LabFolder folder) => this.folder = folder;

    public IReadOnlyList<PostgresServer> Shards => shards;

    public IReadOnlyList<ApiNode> Nodes => nodes;

    /// <summary>The file with the administrator's key.</summary>
    public string KeyFile { get; private set; } = string.Empty;

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="path">A folder that does not exist yet.</param>
    /// <param name="shardCount">How many servers.</param>
    /// <param name="nodeCount">How many API nodes.</param>
    /// <param name="cancellation">Ends it all again.</param>
    public static async Task<Cluster> StartAsync(string path, int shardCount, int nodeCount, CancellationToken cancellation)
    {
        PostgresServer.CheckInstalled();
        var cluster = new Cluster(await LabFolder.CreateAsync(path));
        try
        {
            await cluster.StartShardsAsync(shardCount, cancellation);
            await cluster.StartNodesAsync(nodeCount, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task StartShardsAsync(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
        {
            shards.Add(await PostgresServer.StartInAsync(folder.Member($"shard{i}")));
            cancellation.ThrowIfCancellationRequested();
        }

        await folder.WriteAsync("pgpass", string.Concat(shards.Select(server => server.PasswordLine)));
        var settings = new PostgresSettings
        {
            Shards = [.. shards.Select((server, i) => new PostgresShard(new ShardId(i), ConnectionTo(server), Direct: null))],
            PrepareStatements = true,
            AllowUnsafeDurability = false,
        };
        await PostgresShards.MigrateAsync(settings, _ => { }, cancellation);
    }

    /// <summary>The first node makes the shard map alone; the others find it.</summary>
    private async Task StartNodesAsync(int count, CancellationToken cancellation)
    {
        var key = "rk_" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        KeyFile = await folder.WriteAsync("admin.key", key);
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["Roster__Storage"] = "postgres", ["Roster__Auth__AdminKey"] = key };
        for (var i = 0; i < shards.Count; i++)
        {
            environment[$"Roster__Shards__{i}__Primary"] = ConnectionTo(shards[i]);
        }

        for (var i = 1; i <= count; i++)
        {
            nodes.Add(await ApiNode.StartAsync(ThisProgram(), folder.Member($"node{i}"), environment));
            if (i == 1)
            {
                await nodes[0].ReadyAsync(cancellation);
            }
        }

        await Task.WhenAll(nodes.Select(node => node.ReadyAsync(cancellation)));
    }

    /// <summary>Nodes first: they answer what they have begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        await Task.WhenAll(shards.Select(shard => shard.DisposeAsync().AsTask()));
        await folder.DisposeAsync();
    }

    private static string ConnectionTo(PostgresServer server) => server.ConnectionStringOf("postgres");

    /// <summary>The built program is an executable, or a library that <c>dotnet</c> runs.</summary>
    private static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "roster.dll")]
            : [Environment.ProcessPath!];
}
