using System.Security.Cryptography;
using Roster.Cli.Storage;
using Roster.Kafka;
using Roster.Lab;
using Roster.Lab.Kafka;

namespace Roster.Cli.Lab;

/// <summary>A PostgreSQL server for each shard, API nodes over all of them, and what may stand beside.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Of the topic: enough for a few consumers, few for a broker on a shared machine.</summary>
    private const int Partitions = 4;

    private readonly LabFolder folder;
    private readonly Action<ClusterMember> joined;
    private readonly List<ClusterMember> members = [];
    private readonly List<PostgresServer> shards = [];
    private readonly List<PgBouncer> bouncers = [];
    private readonly List<ApiNode> nodes = [];
    private KafkaServer? kafka;

    private Cluster(LabFolder folder, Action<ClusterMember> joined)
    {
        this.folder = folder;
        this.joined = joined;
    }

    /// <summary>The first node.</summary>
    public Uri Address => nodes[0].Address;

    /// <summary>The file with the administrator's key.</summary>
    public string KeyFile { get; private set; } = string.Empty;

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="path">A folder that does not exist yet.</param>
    /// <param name="size">What to start.</param>
    /// <param name="joined">Told of each member when it is ready.</param>
    /// <param name="cancellation">Ends it all again.</param>
    public static async Task<Cluster> StartAsync(string path, ClusterSize size, Action<ClusterMember> joined, CancellationToken cancellation)
    {
        PostgresServer.CheckInstalled();
        if (size.WithBouncers)
        {
            PgBouncer.CheckInstalled();
        }

        var cluster = new Cluster(await LabFolder.CreateAsync(path), joined);
        try
        {
            await cluster.StartShardsAsync(size.Shards, cancellation);
            await cluster.StartBouncersAsync(size.WithBouncers ? size.Shards : 0, cancellation);
            await cluster.StartKafkaAsync(size.WithKafka, cancellation);
            await cluster.StartNodesAsync(size.Nodes, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells of members that end, until it is cancelled; the others go on.</summary>
    public Task WatchAsync(Action<ClusterMember, string> died, CancellationToken cancellation) =>
        Task.WhenAll(members.Select(async member =>
        {
            var how = await member.Ended.WaitAsync(cancellation);
            died(member, how);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }));

    /// <summary>Nodes first: they answer what they have begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        await Task.WhenAll(bouncers.Select(bouncer => bouncer.DisposeAsync().AsTask()));
        await Task.WhenAll(shards.Select(shard => shard.DisposeAsync().AsTask()));
        await (kafka?.DisposeAsync() ?? ValueTask.CompletedTask);
        await folder.DisposeAsync();
    }

    private async Task StartShardsAsync(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
        {
            var server = await PostgresServer.StartInAsync(folder.Member($"shard{i}"));
            shards.Add(server);
            Join(new ClusterMember($"shard {i}", $"127.0.0.1:{server.Port}", server.ProcessId, server.LogFile, server.Ended));
            cancellation.ThrowIfCancellationRequested();
        }

        await folder.WriteAsync("pgpass", string.Concat(shards.Select(server => server.PasswordLine)));
    }

    private async Task StartBouncersAsync(int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
        {
            var bouncer = await PgBouncer.StartInAsync(folder.Member($"pgbouncer{i}"), shards[i]);
            bouncers.Add(bouncer);
            Join(new ClusterMember($"pgbouncer {i}", $"127.0.0.1:{bouncer.Port}", bouncer.ProcessId, bouncer.LogFile, bouncer.Ended));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task StartKafkaAsync(bool wanted, CancellationToken cancellation)
    {
        if (wanted)
        {
            kafka = await KafkaServer.StartInAsync(folder.Member("kafka"));
            await kafka.CreateTopicAsync(KafkaOptions.StandardTopic, Partitions);
            Join(new ClusterMember("kafka", kafka.BootstrapServers, kafka.ProcessId, kafka.LogFile, kafka.Ended));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The first node makes the shard map alone; the others find it.</summary>
    private async Task StartNodesAsync(int count, CancellationToken cancellation)
    {
        var settings = ClusterSettings.Shards([.. shards.Select((server, i) => (PrimaryOf(i), server.ConnectionStringOf("postgres")))], bouncers.Count > 0);
        await new ShardMigrations(settings, _ => { }, trouble => throw new LabException(trouble)).ApplyAsync(progress: null, cancellation);
        var key = "rk_" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        KeyFile = await folder.WriteAsync("admin.key", key);
        var environment = ClusterSettings.Environment(settings, key, kafka);
        for (var i = 1; i <= count; i++)
        {
            nodes.Add(await ApiNode.StartAsync(ThisProgram(), folder.Member($"node{i}"), environment));
            if (i == 1)
            {
                await nodes[0].ReadyAsync(cancellation);
            }
        }

        foreach (var (node, i) in nodes.Select((node, i) => (node, i + 1)))
        {
            await node.ReadyAsync(cancellation);
            Join(new ClusterMember($"node {i}", node.Address.ToString().TrimEnd('/'), node.ProcessId, node.LogFile, node.Ended));
        }
    }

    private void Join(ClusterMember member)
    {
        members.Add(member);
        joined(member);
    }

    private string PrimaryOf(int shard) => bouncers.Count > 0 ? bouncers[shard].ConnectionStringOf("postgres") : shards[shard].ConnectionStringOf("postgres");

    /// <summary>The built program is an executable, or a library that <c>dotnet</c> runs.</summary>
    private static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "roster.dll")]
            : [Environment.ProcessPath!];
}
