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

    private static readonly Option<string> Folder = new("--dir")
    {
        Description = "Where it keeps everything; made by up, removed at the end",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "roster-lab"),
    };

    public static Command Create() => new("lab", "Runs a real cluster on this machine: PostgreSQL servers, API nodes, workers, Kafka") { Up(), Down() };

    private static Command Up()
    {
        var shards = new Option<int>("--shards") { Description = "PostgreSQL servers, one for each shard", DefaultValueFactory = _ => 2 };
        var nodes = new Option<int>("--nodes") { Description = "API nodes", DefaultValueFactory = _ => 2 };
        var bouncer = new Option<bool>("--pgbouncer") { Description = "A pgbouncer in transaction mode before each server" };
        var workers = new Option<int>("--workers") { Description = "Processes that relay and consume events", DefaultValueFactory = _ => 1 };
        var kafka = new Option<bool?>("--kafka") { Description = "Whether a Kafka broker is among it (0.9; needs Java, and npm the first time; by default if it can be had)" };
        var replicas = new Option<int>("--replicas") { Description = "Replicas of each shard (not built yet)", Hidden = true };
        var verb = new Command("up", "Starts one, says what runs where, and keeps it until Ctrl-C or roster lab down") { shards, nodes, workers, bouncer, kafka, replicas, Folder };
        verb.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(replicas) != 0)
            {
                throw VerbException.Usage("--replicas is not built yet: leave it out.");
            }

            var size = new ClusterSize(Checked(parsed, shards), Checked(parsed, nodes), Checked(parsed, workers, least: 0), parsed.GetValue(bouncer), parsed.GetValue(kafka));
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
                (member, how) => Console.Error.WriteLine($"{member.Role} (process {member.ProcessId}) {how}; the others go on. Its log: {member.LogFile}"), cancellation);
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

    private static int Checked(ParseResult parsed, Option<int> option, int least = 1) =>
        parsed.GetValue(option) is var count && count >= least && count <= Most ? count : throw VerbException.Usage($"{option.Name} must be from {least} to {Most}.");
}
