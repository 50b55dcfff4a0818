using System.Diagnostics;
using Roster.Cluster.Tests.Processes;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>Kills a server again and again on one data folder while clients write, and holds it to what it acknowledged.</summary>
internal sealed class CrashRun(int seed, int kills)
{
    private const int ClientCount = 16;
    private const int ShortestMs = 20;
    private const int LongestMs = 700;
    private const int RoundsBetweenFullLooks = 20;

    private readonly Random random = new(seed);
    private readonly Tally tally = new();
    private int rounds;

    public int Seed => seed;

    public int Kills { get; private set; }

    /// <summary>Kills of a server that had not become ready again.</summary>
    public int KillsWhileStarting { get; private set; }

    public Tally Tally => tally;

    public int Users { get; private set; }

    /// <summary>Times that everything was looked at, the last time in every version.</summary>
    public int FullLooks { get; private set; }

    public TimeSpan Took { get; private set; }

    /// <summary>What <c>rebuild --verify</c> said in the end.</summary>
    public string Rebuild { get; private set; } = string.Empty;

    /// <exception cref="BrokenPromiseException">A promise was broken.</exception>
    public async Task RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = await RosterProcess.StartAsync();
        var clients = Enumerable.Range(0, ClientCount).Select(n => new CrashClient(n, random.Next(), tally)).ToList();
        var import = new ImportClient(random.Next(), tally);
        while (Kills < kills)
        {
            await WorkAndDieAsync(server, clients, import);
            await StartAgainAsync(server);
            rounds++;
            await LookAsync(server, clients, import);
        }

        await EndAsync(server, clients, import);
        Took = Stopwatch.GetElapsedTime(start);
    }

    private async Task WorkAndDieAsync(RosterProcess server, List<CrashClient> clients, ImportClient import)
    {
        using var http = server.Connect();
        var working = clients.Select(c => c.WorkAsync(http)).Append(import.WorkAsync(http)).ToList();
        await Task.Delay(random.Next(ShortestMs, LongestMs));
        await server.KillAsync();
        Kills++;
        await Task.WhenAll(working);
    }

    /// <summary>Every fifth time it is killed once more while it starts: recovery must bear that too.</summary>
    private async Task StartAgainAsync(RosterProcess server)
    {
        if (random.Next(5) == 0 && Kills < kills)
        {
            await server.Process.DisposeAsync();
            server.Start();
            await Task.Delay(random.Next(50, 600));
            await server.KillAsync();
            Kills++;
            KillsWhileStarting++;
        }

        await server.StartAgainAsync();
    }

    /// <summary>Looks at what was acknowledged since the last look; every so often at everything.</summary>
    private async Task LookAsync(RosterProcess server, List<CrashClient> clients, ImportClient import)
    {
        using var http = server.Connect();
        var open = clients.Select(c => c.MayBeDeleted).OfType<KnownUser>().ToHashSet();
        var verification = new Verification(http) { MayBeDeleted = open.Contains };
        var touched = clients.SelectMany(c => c.TakeTouched()).ToHashSet();
        var imported = import.TakeRecent();
        var isFull = rounds % RoundsBetweenFullLooks == 0;
        await verification.NothingIsLostAsync(isFull ? All(clients) : touched, isFull ? import.Ids : imported);

        // What is acknowledged while settling stays untaken: it has not been through a kill, so the next look takes it.
        touched.UnionWith(open);
        await Task.WhenAll(clients.Select(c => c.SettleAsync(http)).Append(import.SettleAsync(http)));
        await verification.EveryVersionIsThereAsync(touched);
        if (isFull)
        {
            await verification.NobodyElseIsThereAsync(All(clients), import.Ids);
            FullLooks++;
        }
    }

    private static List<KnownUser> All(List<CrashClient> clients) => [.. clients.SelectMany(c => c.Users)];

    private async Task EndAsync(RosterProcess server, List<CrashClient> clients, ImportClient import)
    {
        using var http = server.Connect();
        var users = All(clients);
        var verification = new Verification(http) { MayBeDeleted = _ => false };
        await verification.NothingIsLostAsync(users, import.Ids);
        await verification.EveryVersionIsThereAsync(users);
        await verification.NobodyElseIsThereAsync(users, import.Ids);
        FullLooks++;
        Users = users.Count(u => !u.IsDeleted) + import.Ids.Count;
        if (await server.StopAsync() is not 0 and var code)
        {
            throw new BrokenPromiseException($"SIGTERM ended the server with {code}: {server.Process.Errors}");
        }

        var rebuild = await server.VerifyAsync();
        Rebuild = rebuild.Output.Trim();
        if (rebuild.ExitCode != 0)
        {
            throw new BrokenPromiseException($"rebuild --verify ended with {rebuild.ExitCode}: {rebuild.Output}{rebuild.Errors}");
        }
    }
}
