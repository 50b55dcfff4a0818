using System.CommandLine;
using System.Diagnostics;
using Roster.Cli.Lab;
using Roster.Lab;

namespace Roster.Cli.Verbs;

/// <summary><c>roster lab</c>: a real cluster on this machine, to look at and to try things on.</summary>
internal static class LabVerb
{
    private const int Most = 16;

    /// <summary>A lab ends its members in order; a killed one's watchers are quicker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan PatienceWithoutLab = TimeSpan.FromSeconds(15);

    internal static readonly Option<string> Folder = new("--dir")
    {
        Description = "Where it keeps everything; made by up, removed at the end",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "roster-lab"),
    };

    public static Command Create() => new("lab", "Runs a real cluster on this machine: PostgreSQL servers with replicas, API nodes, workers, Kafka, nginx")
    {
        Up(), Down(), LabMemberVerbs.Status(), LabMemberVerbs.Kill(), LabMemberVerbs.Pause(), LabMemberVerbs.Resume(), LabMemberVerbs.Start(), LabCheckVerb.Create(),
    };

    private static Command Up()
    {
        var shards = new Option<int>("--shards") { Description = "Shards, each a PostgreSQL server with its replicas", DefaultValueFactory = _ => 2 };
        var replicas = new Option<int>("--replicas") { Description = "Streaming replicas of each shard", DefaultValueFactory = _ => 0 };
        var patroni = new Option<bool>("--patroni") { Description = "Each shard's servers under Patroni with etcd: a replica takes over by itself" };
        var nodes = new Option<int>("--nodes") { Description = "API nodes", DefaultValueFactory = _ => 2 };
        var bouncer = new Option<bool>("--pgbouncer") { Description = "A pgbouncer in transaction mode before each shard's primary" };
        var workers = new Option<int>("--workers") { Description = "Processes that relay and consume events", DefaultValueFactory = _ => 1 };
        var nginx = new Option<bool>("--nginx") { Description = "An nginx before the nodes, with the files of deploy/nginx" };
        var kafka = new Option<bool?>("--kafka") { Description = "Whether a Kafka broker is among it (0.9; needs Java, and npm the first time; by default if it can be had)" };
        var redis = new Option<bool>("--redis") { Description = "A Redis that the nodes share rows by" };
        var verb = new Command("up", "Starts one, says what runs where, and keeps it until Ctrl-C or roster lab down")
        {
            shards, replicas, patroni, nodes, workers, bouncer, nginx, redis, kafka, Folder,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var size = new ClusterSize
            {
                Shards = Checked(parsed, shards),
                Replicas = Checked(parsed, replicas, least: 0),
                Nodes = Checked(parsed, nodes),
                Workers = Checked(parsed, workers, least: 0),
                WithBouncers = parsed.GetValue(bouncer),
                WithPatroni = parsed.GetValue(patroni),
                WithNginx = parsed.GetValue(nginx),
                WithRedis = parsed.GetValue(redis),
                WithKafka = parsed.GetValue(kafka),
            };
            CheckTogether(size);
            return await UpAsync(parsed.GetValue(Folder)!, size, cancellation);
        });
        return verb;
    }

    private static Command Down()
    {
        var verb = new Command("down", "Ends the lab of a folder, and waits until nothing of it is left") { Folder };
        verb.SetAction((parsed, cancellation) => DownAsync(Path.GetFullPath(parsed.GetValue(Folder)!), cancellation));
        return verb;
    }

    private static async Task<int> UpAsync(string folder, ClusterSize size, CancellationToken cancellation)
    {
        var table = new ClusterTable(Console.Out);
        await using var cluster = await Cluster.StartAsync(folder, size, table.Add, cancellation);
        table.End(cluster);
        try
        {
            await cluster.WatchAsync(
                (member, how) => Console.Error.WriteLine($"{member.Name} (process {member.ProcessId}) {how}; the others go on. Its log: {member.LogFile}"), cancellation);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Ending …");
        }

        return 0;
    }

    /// <summary>The lab removes its folder last; when it was killed, its watchers do.</summary>
    private static async Task<int> DownAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new VerbException($"No lab runs in {folder}.");
        }

        var lab = LabFolder.ProcessOf(folder);
        if (lab is { } running)
        {
            Signal.Send(running, Signal.Terminate);
        }

        var patience = lab is null ? PatienceWithoutLab : Patience;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < patience; await Task.Delay(50, cancellation))
        {
            if (!Directory.Exists(folder) && (lab is null || !WatchedProcess.IsAlive(lab.Value)))
            {
                Console.WriteLine($"Nothing of the lab in {folder} is left.");
                return 0;
            }
        }

        throw new VerbException(lab is null ? $"No lab runs in {folder}." : $"The lab in {folder} did not end within {patience.TotalSeconds:0} s.");
    }

    private static void CheckTogether(ClusterSize size)
    {
        if (size is { WithPatroni: true, Replicas: 0 })
        {
            throw VerbException.Usage("--patroni needs somebody to take over: add --replicas 1, or more.");
        }

        if (size is { WithPatroni: true, WithBouncers: true })
        {
            throw VerbException.Usage("--patroni and --pgbouncer do not go together: a pgbouncer stands before one server, and the one that leads changes.");
        }
    }

    private static int Checked(ParseResult parsed, Option<int> option, int least = 1) =>
        parsed.GetValue(option) is var count && count >= least && count <= Most ? count : throw VerbException.Usage($"{option.Name} must be from {least} to {Most}.");
}
