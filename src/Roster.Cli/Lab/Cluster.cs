using System.Security.Cryptography;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Lab;

namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs.</summary>
/// <param name="Shards">PostgreSQL servers.</param>
/// <param name="Nodes">API nodes.</param>
/// <param name="WithBouncers">Whether a pgbouncer stands before each server.</param>
internal sealed record ClusterSize(int Shards, int Nodes, bool WithBouncers);

/// <summary>A PostgreSQL server for each shard, and API nodes over all of them.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly LabFolder folder;
    private readonly List<PostgresServer> shards = [];
    private readonly List<PgBouncer> bouncers = [];
    private readonly List<ApiNode> nodes = [];

    private Cluster(LabFolder folder) => this.folder = folder;

    public IReadOnlyList<PostgresServer> Shards => shards;

    /// <summary>One before each shard, or none.</summary>
    public IReadOnlyList<PgBouncer> Bouncers => bouncers;

    public IReadOnlyList<ApiNode> Nodes => nodes;

    /// <summary>The file with the administrator's key.</summary>
    public string KeyFile { get; private set; } = string.Empty;

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="path">A folder that does not exist yet.</param>
    /// <param name="size">What to start.</param>
    /// <param name="cancellation">Ends it all again.</param>
    public static async Task<Cluster> StartAsync(string path, ClusterSize size, CancellationToken cancellation)
    {
        PostgresServer.CheckInstalled();
        if (size.WithBouncers)
        {
            PgBouncer.CheckInstalled();
        }

        var cluster = new Cluster(await LabFolder.CreateAsync(path));
        try
        {
            await cluster.StartShardsAsync(size, cancellation);
            await cluster.StartNodesAsync(size.Nodes, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task StartShardsAsync(ClusterSize size, CancellationToken cancellation)
    {
        for (var i = 0; i < size.Shards; i++)
        {
            shards.Add(await PostgresServer.StartInAsync(folder.Member($"shard{i}")));
            if (size.WithBouncers)
            {
                bouncers.Add(await PgBouncer.StartInAsync(folder.Member($"pgbouncer{i}"), shards[i]));
            }

            cancellation.ThrowIfCancellationRequested();
        }

        await folder.WriteAsync("pgpass", string.Concat(shards.Select(server => server.PasswordLine)));
        var settings = new PostgresSettings
        {
            Shards = [.. shards.Select((_, i) => new PostgresShard(new ShardId(i), ConnectionTo(i), DirectTo(i)))],
            PrepareStatements = !size.WithBouncers,
            AllowUnsafeDurability = false,
        };
        await PostgresShards.MigrateAsync(settings, _ => { }, cancellation);
    }

    /// <summary>The first node makes the shard map alone; the others find it.</summary>
    private async Task StartNodesAsync(int count, CancellationToken cancellation)
    {
        var key = "rk_" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        KeyFile = await folder.WriteAsync("admin.key", key);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["Roster__Storage"] = "postgres",
            ["Roster__Auth__AdminKey"] = key,
            ["Roster__Postgres__PrepareStatements"] = bouncers.Count > 0 ? "false" : "true",
        };
        for (var i = 0; i < shards.Count; i++)
        {
            environment[$"Roster__Shards__{i}__Primary"] = ConnectionTo(i);
            environment[$"Roster__Shards__{i}__Direct"] = DirectTo(i);
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
        await Task.WhenAll(bouncers.Select(bouncer => bouncer.DisposeAsync().AsTask()));
        await Task.WhenAll(shards.Select(shard => shard.DisposeAsync().AsTask()));
        await folder.DisposeAsync();
    }

    private string ConnectionTo(int shard) => bouncers.Count > 0 ? bouncers[shard].ConnectionStringOf("postgres") : DirectTo(shard);

    private string DirectTo(int shard) => shards[shard].ConnectionStringOf("postgres");

    /// <summary>The built program is an executable, or a library that <c>dotnet</c> runs.</summary>
    private static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "roster.dll")]
            : [Environment.ProcessPath!];
}
