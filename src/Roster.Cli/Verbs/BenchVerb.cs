using System.CommandLine;
using Roster.Cli.Bench;
using Roster.Cli.Bench.Popularity;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;
using Roster.Cli.Remote;
using Roster.Cli.Settings;

namespace Roster.Cli.Verbs;

/// <summary><c>roster bench</c>: loads a server and measures it.</summary>
internal static class BenchVerb
{
    private const int MaxConnections = 16_000;
    private const double MaxRate = 1_000_000;
    private const int MaxTargets = 10_000_000;
    private static readonly TimeSpan Unlimited = TimeSpan.FromDays(1);

    private static readonly Option<string> Mix = Text("--mix", "What to request: one operation, or several by weight", "get=90,create=10", "create");
    private static readonly Option<double?> Rate = new("--rate") { Description = "Requests a second, sent when they are due (open loop); without it each connection sends when it was answered (closed loop)", HelpName = "N" };
    private static readonly Option<int> Connections = Number("--connections", "Connections, each with one request at a time", 64);
    private static readonly Option<string?> Time = new("--duration") { Description = "Time measured (default 10s, or until --requests are done)", HelpName = "TIME" };
    private static readonly Option<long?> Requests = new("--requests") { Description = "Requests measured", HelpName = "N" };
    private static readonly Option<string> Warmup = Text("--warmup", "Time before anything counts", "TIME", "2s");
    private static readonly Option<int> Users = Number("--users", "Users to register first, for operations that name one", 10_000);
    private static readonly Option<int?> Listed = new("--listed") { Description = "Takes that many users from the server's list instead", HelpName = "N" };
    private static readonly Option<string?> Ids = new("--ids") { Description = "Takes users from a file instead: ID, or ID,EMAIL, one a line", HelpName = "FILE" };
    private static readonly Option<string> Popularity = Text("--popularity", "How often each user is named", "uniform|zipf:0.99", "uniform");
    private static readonly Option<bool> Remote = new("--allow-remote") { Description = "Lets the server be another machine" };
    private static readonly Option<string?> Json = new("--json") { Description = "Writes everything as JSON", HelpName = "FILE" };
    private static readonly Option<string?> Histogram = new("--hdr", "--hgrm") { Description = "Writes the latencies in HdrHistogram's format", HelpName = "FILE" };
    private static readonly Option<string?> Picture = new("--plot") { Description = "Draws latencies and throughput", HelpName = "FILE.png" };

    public static Command Create()
    {
        var operations = string.Join(", ", Operation.Known);
        var verb = new Command("bench", $"Loads a server and measures rates and latencies. Operations: {operations}")
        {
            Mix, Rate, Connections, Time, Requests, Warmup, Users, Listed, Ids, Popularity, Remote, Json, Histogram, Picture, ServerOptions.Url, ServerOptions.Key,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var settings = Read(parsed);
            var output = new BenchOutput(parsed.GetValue(Json), parsed.GetValue(Histogram), parsed.GetValue(Picture));
            output.Check();
            Warn(settings);
            var run = new BenchRun(settings);
            await BenchProgress.WatchAsync(run, cancellation);
            BenchSummary.Show(settings, run.Result, Console.Out);
            await output.SaveAsync(settings, run.Result, cancellation);
            return run.Result.All.Succeeded > 0 ? 0 : 1;
        });
        return verb;
    }

    /// <summary>
    /// One thread waits for all sockets and goes on with their loops: the server needs the processors. It holds for the whole
    /// process, so only the program itself calls it, before its first socket: where anything blocks, it would dead-lock.
    /// </summary>
    public static void BeLean()
    {
        InlineSockets.TurnOn();
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }

    private static BenchSettings Read(ParseResult parsed)
    {
        var requests = parsed.GetValue(Requests);
        var duration = parsed.GetValue(Time);
        return new BenchSettings(
            ServerOptions.Read(parsed),
            Bench.Requests.Mix.Parse(parsed.GetValue(Mix)!),
            Bounded(Connections, parsed.GetValue(Connections), MaxConnections),
            parsed.GetValue(Rate) is { } rate ? Bounded(Rate, rate, MaxRate) : null,
            duration is null ? (requests is null ? TimeSpan.FromSeconds(10) : Unlimited) : Measured(Duration.OfFlag("--duration", duration)),
            requests is { } count ? Bounded(Requests, count, long.MaxValue) : long.MaxValue,
            Duration.OfFlag("--warmup", parsed.GetValue(Warmup)!),
            new TargetSource(
                parsed.GetValue(Ids),
                parsed.GetValue(Listed) is { } listed ? Bounded(Listed, listed, MaxTargets) : null,
                Bounded(Users, parsed.GetValue(Users), MaxTargets)),
            PopularityLaw.Parse(parsed.GetValue(Popularity)!),
            parsed.GetValue(Remote));
    }

    private static void Warn(BenchSettings settings)
    {
        if (settings.AllowRemote && !settings.Server.Url.IsLoopback)
        {
            Console.Error.WriteLine($"{settings.Server.Url.Host} is not this machine: load only servers that are yours, and expect the network to be measured too.");
        }
    }

    private static TimeSpan Measured(TimeSpan duration) =>
        duration > TimeSpan.Zero ? duration : throw VerbException.Usage("--duration must be more than nothing.");

    private static T Bounded<T>(Option option, T value, T most)
        where T : System.Numerics.INumber<T> =>
        value < T.One ? throw VerbException.Usage($"{option.Name} must be at least 1.")
        : value <= most ? value
        : throw VerbException.Usage(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option.Name} must be at most {most:N0}."));

    private static Option<int> Number(string name, string description, int standard) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };

    private static Option<string> Text(string name, string description, string example, string standard) =>
        new(name) { Description = description, HelpName = example, DefaultValueFactory = _ => standard };
}
