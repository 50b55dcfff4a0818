using System.Security.Cryptography;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Kafka;
using Roster.Lab;
using Roster.Lab.Kafka;

namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs: a PostgreSQL server for each shard, and API nodes over all of them.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Of the topic: enough for a few consumers, few for a broker on a shared machine.</summary>
    private const int Partitions = 4;

    private readonly LabFolder folder;
    private readonly List<PostgresServer> shards = [];
    private readonly List<ApiNode> nodes = [];

    private Cluster(LabFolder folder) => this.folder = folder;

    public IReadOnlyList<PostgresServer> Shards => shards;

    public IReadOnlyList<ApiNode> Nodes => nodes;

    /// <summary>The Kafka broker; null without one.</summary>
    public KafkaServer? Kafka { get; private set; }

    /// <summary>The file with the administrator's key.</summary>
    public string KeyFile { get; private set; } = string.Empty;

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="path">A folder that does not exist yet.</param>
    /// <param name="shardCount">How many servers.</param>
    /// <param name="nodeCount">How many API nodes.</param>
    /// <param name="withKafka">Whether a Kafka broker is among it.</param>
    /// <param name="cancellation">Ends it all again.</param>
    public static async Task<Cluster> StartAsync(string path, int shardCount, int nodeCount, bool withKafka, CancellationToken cancellation)
    {
        PostgresServer.CheckInstalled();
        var cluster = new Cluster(await LabFolder.CreateAsync(path));
        try
        {
            await cluster.StartShardsAsync(shardCount, cancellation);
            if (withKafka)
            {
                await cluster.StartKafkaAsync(cancellation);
            }

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

    /// <summary>What programs need to use a broker of the lab, which is of 2016.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(KafkaServer server) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Roster__Kafka__BootstrapServers"] = server.BootstrapServers,
        ["Roster__Kafka__Client__api_version_request"] = "false",
        ["Roster__Kafka__Client__broker_version_fallback"] = "0.9.0",
        ["Roster__Kafka__Client__enable_idempotence"] = "false",
    };

    private async Task StartKafkaAsync(CancellationToken cancellation)
    {
        Kafka = await KafkaServer.StartInAsync(folder.Member("kafka"));
        await Kafka.CreateTopicAsync(KafkaOptions.StandardTopic, Partitions);
        cancellation.ThrowIfCancellationRequested();
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
        await (Kafka?.DisposeAsync() ?? ValueTask.CompletedTask);
        await folder.DisposeAsync();
    }

    private static string ConnectionTo(PostgresServer server) => server.ConnectionStringOf("postgres");

    /// <summary>The built program is an executable, or a library that <c>dotnet</c> runs.</summary>
    private static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "roster.dll")]
            : [Environment.ProcessPath!];
}
