using System.Diagnostics;
using System.Globalization;

namespace Roster.Lab.Kafka;

/// <summary>
/// A real Apache Kafka broker (0.9.0.1) with its ZooKeeper, on loopback, in a folder of its own. Both end, and the folder goes,
/// with the process that started them, however that ends. Its clients have to be told its age: <c>api.version.request=false</c>,
/// <c>broker.version.fallback=0.9.0</c>, no idempotence.
/// </summary>
public sealed class KafkaServer : ILabMember
{
    private const int Attempts = 5;

    /// <summary>What the broker says once it takes connections.</summary>
    private const string Started = "started (kafka.server.KafkaServer)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>More than ZooKeeper's session: until that is over, the broker that was killed counts as alive and bars its successor.</summary>
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(1);

    private readonly string folder;
    private readonly string classPath;
    private readonly int zookeeperPort = LoopbackPorts.Free();
    private WatchedProcess? zookeeper;
    private WatchedProcess? broker;

    private KafkaServer(string folder, string classPath)
    {
        this.folder = folder;
        this.classPath = classPath;
        BootstrapServers = $"127.0.0.1:{LoopbackPorts.Free()}";
    }

    /// <summary>What clients are given: <c>host:port</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>The broker's process id.</summary>
    public int ProcessId => broker?.Id ?? throw new InvalidOperationException("The broker is stopped.");

    /// <inheritdoc cref="WatchedProcess.Ended"/>
    public Task<string> Ended => broker?.Ended ?? throw new InvalidOperationException("The broker is stopped.");

    /// <summary>Where broker and ZooKeeper log.</summary>
    public string LogFile => Path.Combine(folder, WatchedProcess.LogName);

    /// <summary>Makes and starts one.</summary>
    /// <exception cref="LabException">It cannot be had, or did not start.</exception>
    public static Task<KafkaServer> StartAsync() => StartInAsync(Directory.CreateTempSubdirectory("roster-kafka-").FullName);

    /// <summary>Makes and starts one in an empty folder, which goes with it.</summary>
    /// <exception cref="LabException">It cannot be had, or did not start.</exception>
    public static async Task<KafkaServer> StartInAsync(string folder)
    {
        KafkaServer? server = null;
        try
        {
            server = new KafkaServer(folder, await KafkaPackage.ClassPathAsync());
            await server.ConfigureAsync();
            server.zookeeper = await server.RunAsync("org.apache.zookeeper.server.quorum.QuorumPeerMain", "zookeeper.properties");
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            RemoveFolder(folder);
            throw;
        }
    }

    /// <summary>Makes a topic.</summary>
    /// <exception cref="LabException">It exists, or the broker is down.</exception>
    public Task CreateTopicAsync(string topic, int partitions) => LabCommand.RunAsync([
        .. Java("-Xmx128m"), "kafka.admin.TopicCommand", "--zookeeper", Zookeeper, "--create", "--topic", topic,
        "--partitions", Text(partitions), "--replication-factor", "1"]);

    /// <summary>Starts the broker on what it had, at the address it had.</summary>
    public async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            await KillAsync();
            var read = new FileInfo(LogFile).Length;
            broker = await RunAsync("kafka.Kafka", "server.properties");
            if (await IsReadyAsync(read))
            {
                return;
            }

            await Task.Delay(Pauses);
            if (attempt == Attempts)
            {
                throw new LabException($"Kafka did not start:\n{await File.ReadAllTextAsync(LogFile)}");
            }
        }
    }

    /// <summary>Kills the broker, as a crash does; ZooKeeper and the data stay. There is no kinder way to stop it: what it has
    /// acknowledged must be there anyway.</summary>
    public async Task KillAsync()
    {
        if (broker is { } process)
        {
            broker = null;
            await process.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Pause() => ProcessTree.Pause(ProcessId);

    /// <inheritdoc/>
    public void Resume() => ProcessTree.Resume(ProcessId);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await (zookeeper?.DisposeAsync() ?? ValueTask.CompletedTask);
        RemoveFolder(folder);
    }

    private string Zookeeper => $"127.0.0.1:{zookeeperPort}";

    private async Task ConfigureAsync()
    {
        await File.WriteAllTextAsync(LogFile, string.Empty);
        await File.WriteAllLinesAsync(Path.Combine(folder, "zookeeper.properties"), [
            $"dataDir={Path.Combine(folder, "zookeeper")}",
            $"clientPort={zookeeperPort}",
            "clientPortAddress=127.0.0.1",
            "maxClientCnxns=0",
            "tickTime=500"]);
        await File.WriteAllLinesAsync(Path.Combine(folder, "server.properties"), [
            "broker.id=0",
            $"listeners=PLAINTEXT://{BootstrapServers}",
            $"log.dirs={Path.Combine(folder, "data")}",
            $"zookeeper.connect={Zookeeper}",
            "zookeeper.session.timeout.ms=1500",
            "auto.create.topics.enable=false",
            "offsets.topic.num.partitions=1",
            "offsets.topic.replication.factor=1",
            "group.min.session.timeout.ms=1000",
            "group.max.session.timeout.ms=60000",
            "log.cleaner.enable=false"]);
        await File.WriteAllLinesAsync(Path.Combine(folder, "log4j.properties"), [
            "log4j.rootLogger=WARN, stdout",
            "log4j.logger.kafka.server.KafkaServer=INFO",
            "log4j.appender.stdout=org.apache.log4j.ConsoleAppender",
            "log4j.appender.stdout.layout=org.apache.log4j.PatternLayout",
            "log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n"]);
    }

    private Task<WatchedProcess> RunAsync(string program, string settings) => WatchedProcess.StartAsync(
        folder, Signal.Kill, environment: null, [.. Java("-Xmx512m"), program, Path.Combine(folder, settings)]);

    private string[] Java(string memory) =>
        ["java", memory, "-XX:+UseSerialGC", $"-Dlog4j.configuration=file:{Path.Combine(folder, "log4j.properties")}", "-cp", classPath];

    private async Task<bool> IsReadyAsync(long from)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience && WatchedProcess.IsAlive(ProcessId); await Task.Delay(25))
        {
            await using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = from;
            using var reader = new StreamReader(log);
            if ((await reader.ReadToEndAsync()).Contains(Started, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static void RemoveFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
