using System.Security.Cryptography;
using Roster.Cli.Storage;
using Roster.Kafka;
using Roster.Lab;
using Roster.Lab.Kafka;
using Roster.Lab.Nginx;

namespace Roster.Cli.Lab;

/// <summary>PostgreSQL servers for each shard, API nodes and workers over all of them, and what may stand beside.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Of the topic: enough for a few consumers, few for a broker on a shared machine.</summary>
    private const int Partitions = 4;

    private readonly LabFolder folder;
    private readonly Action<ClusterMember> joined;
    private readonly List<ClusterMember> members = [];
    private readonly ClusterShards shards;
    private readonly List<ProgramProcess> nodes = [];
    private readonly List<ProgramProcess> workers = [];
    private KafkaServer? kafka;
    private NginxServer? nginx;
    private RedisServer? redis;

    private Cluster(LabFolder folder, Action<ClusterMember> joined)
    {
        this.folder = folder;
        this.joined = joined;
        shards = new ClusterShards(folder, Join);
    }

    /// <summary>Where clients send their requests: nginx, or the first node.</summary>
    public Uri Address => nginx?.Address ?? nodes[0].Address;

    /// <summary>The file with the administrator's key.</summary>
    public string KeyFile { get; private set; } = string.Empty;

    /// <summary>The folder that gets the mails.</summary>
    public string Mails => Path.Combine(folder.FullPath, "mails");

    /// <summary>Why there is no Kafka although nobody has said that there should be none; null when there is, or somebody has.</summary>
    public string? WithoutKafka { get; private set; }

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="path">A folder that does not exist yet.</param>
    /// <param name="size">What to start.</param>
    /// <param name="joined">Told of each member when it is ready.</param>
    /// <param name="cancellation">Ends it all again.</param>
    public static async Task<Cluster> StartAsync(string path, ClusterSize size, Action<ClusterMember> joined, CancellationToken cancellation)
    {
        ClusterShards.CheckInstalled(size);
        if (size.WithNginx)
        {
            NginxServer.CheckInstalled();
        }

        var cluster = new Cluster(await LabFolder.CreateAsync(path), joined);
        try
        {
            await cluster.shards.StartAsync(size, cancellation);
            await cluster.StartRedisAsync(size.WithRedis);
            await cluster.StartKafkaAsync(size.WithKafka, cancellation);
            await cluster.StartProgramsAsync(size.Nodes, size.Workers, cancellation);
            await cluster.StartNginxAsync(size.WithNginx);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells of members that end, and does to them what other terminals ask for, until it is cancelled; the others go on.</summary>
    public async Task WatchAsync(Action<ClusterMember, string> died, CancellationToken cancellation)
    {
        var watching = members.Select(member => member.WatchAsync(died, cancellation));
        await Task.WhenAll([ClusterControl.ServeAsync(folder.FullPath, members, cancellation), .. watching]);
    }

    /// <summary>What takes requests first, then programs: they end what they have begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await (nginx?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Task.WhenAll(nodes.Concat(workers).Select(program => program.DisposeAsync().AsTask()));
        await shards.DisposeAsync();
        await (redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (kafka?.DisposeAsync() ?? ValueTask.CompletedTask);
        await folder.DisposeAsync();
        members.ForEach(member => member.Dispose());
    }

    private async Task StartRedisAsync(bool wanted)
    {
        if (wanted)
        {
            redis = await RedisServer.StartInAsync(folder.Member("redis"), "maxmemory 256mb", "maxmemory-policy allkeys-lru");
            Join("redis", $"127.0.0.1:{redis.Port}", redis);
        }
    }

    private async Task StartKafkaAsync(bool? wanted, CancellationToken cancellation)
    {
        if (wanted == false)
        {
            return;
        }

        try
        {
            kafka = await KafkaServer.StartInAsync(folder.Member("kafka"));
        }
        catch (LabException missing) when (wanted is null)
        {
            WithoutKafka = missing.Message;
            return;
        }

        await kafka.CreateTopicAsync(KafkaOptions.StandardTopic, Partitions);
        Join("kafka", kafka.BootstrapServers, kafka);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The first node makes the shard map alone; the others find it.</summary>
    private async Task StartProgramsAsync(int nodeCount, int workerCount, CancellationToken cancellation)
    {
        var settings = shards.Settings;
        await new ShardMigrations(settings, _ => { }, trouble => throw new LabException(trouble)).ApplyAsync(progress: null, cancellation);
        var key = "rk_" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        KeyFile = await folder.WriteAsync("admin.key", key);
        var environment = ClusterSettings.Environment(settings, key, kafka, redis);
        environment["Roster__Email__Directory"] = folder.Member("mails");
        for (var i = 1; i <= nodeCount; i++)
        {
            nodes.Add(await ProgramProcess.StartAsync(ThisProgram.Command, "serve", folder.Member($"node{i}"), environment));
            if (i == 1)
            {
                await nodes[0].ReadyAsync(cancellation);
            }
        }

        for (var i = 1; i <= workerCount; i++)
        {
            workers.Add(await ProgramProcess.StartAsync(ThisProgram.Command, "work", folder.Member($"worker{i}"), environment));
        }

        await JoinAsync("node", nodes, cancellation);
        await JoinAsync("worker", workers, cancellation);
    }

    private async Task StartNginxAsync(bool wanted)
    {
        if (wanted)
        {
            nginx = await NginxServer.StartInAsync(folder.Member("nginx"), nodes.Select(node => node.Address), new NginxOptions());
            Join("nginx", nginx.Address.ToString().TrimEnd('/'), nginx);
        }
    }

    private async Task JoinAsync(string role, List<ProgramProcess> programs, CancellationToken cancellation)
    {
        foreach (var (program, i) in programs.Select((program, i) => (program, i + 1)))
        {
            await program.ReadyAsync(cancellation);
            Join($"{role} {i}", program.Address.ToString().TrimEnd('/'), program);
        }
    }

    private void Join(string name, string address, ILabMember process)
    {
        var member = new ClusterMember(name, address, process);
        members.Add(member);
        joined(member);
    }
}
