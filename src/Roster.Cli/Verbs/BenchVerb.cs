using System.CommandLine;
using System.Globalization;
using Roster.Cli.Bench;
using Roster.Cli.Remote;
using Roster.Cli.Settings;

namespace Roster.Cli.Verbs;

/// <summary><c>roster bench</c>: loads a server and measures it.</summary>
internal static class BenchVerb
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Unlimited = TimeSpan.FromDays(1);

    private static readonly Option<int> Connections = Number("--connections", "Connections, each with one request at a time", 64);
    private static readonly Option<string?> Time = new("--duration") { Description = "Time measured (default 10s, or until --requests are done)", HelpName = "TIME" };
    private static readonly Option<long?> Requests = new("--requests") { Description = "Requests measured", HelpName = "N" };
    private static readonly Option<string> Warmup = new("--warmup") { Description = "Time before anything counts", HelpName = "TIME", DefaultValueFactory = _ => "2s" };
    private static readonly Option<string> Mix = new("--mix") { Description = "What to request", HelpName = "create|get", DefaultValueFactory = _ => "create" };
    private static readonly Option<int> Users = Number("--users", "For get: users to register first", 10_000);
    private static readonly Option<string?> Ids = new("--ids") { Description = "For get: a file of ids to read, one a line, instead of --users", HelpName = "FILE" };
    private static readonly Option<bool> Remote = new("--allow-remote") { Description = "Lets the server be another machine" };
    private static readonly Option<string?> Json = new("--json") { Description = "Writes everything as JSON", HelpName = "FILE" };
    private static readonly Option<string?> Histogram = new("--hgrm") { Description = "Writes the latencies in HdrHistogram's format", HelpName = "FILE" };

    public static Command Create()
    {
        Mix.AcceptOnlyFromAmong("create", "get");
        var verb = new Command("bench", "Loads a server in a closed loop and measures rate and latencies")
        {
            Mix, Connections, Time, Requests, Warmup, Users, Ids, Remote, Json, Histogram, ServerOptions.Url, ServerOptions.Key,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var settings = Read(parsed);
            var run = new BenchRun(settings);
            await WatchAsync(run, cancellation);
            BenchSummary.Show(settings, run.Result, Console.Out);
            await SaveAsync(parsed, settings, run.Result);
            return run.Result.Succeeded > 0 ? 0 : 1;
        });
        return verb;
    }

    /// <summary>
    /// One thread waits for all sockets and goes on with their loops: the server needs the processors. It holds for the whole
    /// process, so only the program itself calls it, before its first socket: where anything blocks, it would dead-lock.
    /// </summary>
    public static void BeLean()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }

    private static BenchSettings Read(ParseResult parsed)
    {
        var requests = parsed.GetValue(Requests);
        var duration = parsed.GetValue(Time);
        return new BenchSettings(
            ServerOptions.Read(parsed),
            AtLeastOne(Connections, parsed.GetValue(Connections)),
            duration is not null ? Duration.OfFlag("--duration", duration) : requests is null ? TimeSpan.FromSeconds(10) : Unlimited,
            requests is { } count ? AtLeastOne(Requests, count) : long.MaxValue,
            Duration.OfFlag("--warmup", parsed.GetValue(Warmup)!),
            parsed.GetValue(Mix)!,
            AtLeastOne(Users, parsed.GetValue(Users)),
            parsed.GetValue(Ids),
            parsed.GetValue(Remote));
    }

    private static async Task WatchAsync(BenchRun run, CancellationToken cancellation)
    {
        var running = run.RunAsync(cancellation);
        var last = 0L;
        while (!Console.IsErrorRedirected && await Task.WhenAny(running, Task.Delay(Interval, CancellationToken.None)) != running)
        {
            var total = run.Result.Total;
            var rate = (total - last) / Interval.TotalSeconds;
            last = total;
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{run.Phase}: {total:N0} requests, {rate:N0}/s\u001b[K"));
        }

        Console.Error.Write(Console.IsErrorRedirected ? string.Empty : "\r\u001b[K");
        await running;
    }

    private static async Task SaveAsync(ParseResult parsed, BenchSettings settings, BenchResult result)
    {
        if (parsed.GetValue(Json) is { } json)
        {
            await using var file = File.Create(json);
            BenchSummary.WriteJson(settings, result, file);
        }

        if (parsed.GetValue(Histogram) is { } histogram)
        {
            await using var file = File.CreateText(histogram);
            BenchSummary.WriteHistogram(result, file);
        }
    }

    private static T AtLeastOne<T>(Option option, T value)
        where T : System.Numerics.INumber<T> =>
        value >= T.One ? value : throw VerbException.Usage($"{option.Name} must be at least 1.");

    private static Option<int> Number(string name, string description, int standard) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
}
