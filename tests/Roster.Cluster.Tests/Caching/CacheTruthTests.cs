using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Histories;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Caching;

/// <summary>
/// Three nodes over PostgreSQL and a Redis whose connections are cut at random moments: no answer is older than its token, none
/// without a token older than the bound, and none fails.
/// </summary>
public sealed partial class CacheTruthTests(ITestOutputHelper output)
{
    private const int Clients = 48;
    private const int Users = 300;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public Task Caches_never_lie() => RunAsync(requests: 12_000);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Caches_never_lie_in_a_million_requests() => await Report.WriteAsync("cache-truth.md", await RunAsync(requests: 1_000_000));

    private async Task<string> RunAsync(int requests)
    {
        var seed = Seed.Take(output);
        await using var primary = await PostgresServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        var settings = PostgresCluster.SettingsOf(primary);
        settings["Roster__Redis"] = redis.Configuration;
        await using var first = RosterProcess.Prepare(settings);
        await using var second = RosterProcess.Prepare(settings);

        // One without a memory: it asks Redis each time.
        await using var third = RosterProcess.Prepare(new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Roster__Cache__MaxMegabytes"] = "0" });
        RosterProcess[] nodes = [first, second, third];
        var migrated = await first.RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        foreach (var node in nodes)
        {
            await node.StartFirstAsync();
        }

        List<HttpClient> ways = [.. nodes.Select(node => node.Connect())];
        try
        {
            var users = await SignUpAsync(ways[0]);
            List<TruthClient> clients = [.. Enumerable.Range(0, Clients).Select(i => new TruthClient(i, ways, users, Bound, seed + i))];
            var trouble = new RedisTrouble(redis, seed);
            using var end = new CancellationTokenSource();
            var making = trouble.MakeAsync(end.Token);
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(clients.Select(client => Task.Run(() => client.WorkAsync(requests / Clients))));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            await end.CancelAsync();
            await making;
            var text = await TellAsync(clients, ways, trouble, seed, seconds);
            output.WriteLine(text);
            List<string> broken = [.. clients.SelectMany(client => client.Broken)];
            Assert.True(broken.Count == 0, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Take(20))}");
            return text;
        }
        finally
        {
            ways.ForEach(way => way.Dispose());
        }
    }

    private static async Task<string> TellAsync(List<TruthClient> clients, List<HttpClient> ways, RedisTrouble trouble, int seed, double seconds)
    {
        var (memory, shared, unanswered) = (0L, 0L, 0L);
        foreach (var way in ways)
        {
            var metrics = await way.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            memory += Sum(metrics, "roster_cache_hits");
            shared += Sum(metrics, "roster_shared_cache_hits");
            unanswered += Sum(metrics, "roster_shared_cache_unanswered");
        }

        Assert.True(shared > 0, "Redis served nothing, and nothing is shown.");
        return string.Create(CultureInfo.InvariantCulture, $"""
            # What caches answer while their Redis is cut off at random

            Written by `ROSTER_SEED={seed} ./test long`: {Clients} clients change and read {Users} users through three API processes over one PostgreSQL
            and one Redis, one of the processes without a memory of its own; a tenth of the requests are changes. {trouble}.
            Every answer was held against the versions acknowledged before its request was sent.

            - {clients.Sum(c => c.Answered):N0} requests in {seconds:F0} s, all answered; {memory:N0} reads were served from memory, {shared:N0} from Redis; for {unanswered:N0} Redis gave no answer in time, and the database did.
            - {clients.Sum(c => c.WithToken):N0} reads carried the token of the user's newest acknowledged version: none was older.
            - {clients.Sum(c => c.Without):N0} carried none: {clients.Sum(c => c.Stale):N0} found a state that had been replaced, for {clients.Max(c => c.Oldest).TotalMilliseconds:F0} ms at most; the bound is {Bound.TotalMilliseconds:F0} ms.

            """);
    }

    private static async Task<List<(string Id, Truth Truth)>> SignUpAsync(HttpClient http)
    {
        List<(string, Truth)> users = [];
        for (var i = 0; i < Users; i++)
        {
            var answer = await new Sent(HttpMethod.Post, "/users", JsonSerializer.Serialize(new { name = $"u{i}", email = $"u{i}@example.com" }), $"u{i}").TryAsync(http);
            var user = SeenUser.Of(answer!.Body);
            var truth = new Truth();
            truth.Acknowledge(user.Version, user.Name, answer.Token!);
            users.Add((user.Id, truth));
        }

        return users;
    }

    private static long Sum(string metrics, string name) => Line().Matches(metrics)
        .Where(line => line.Groups["name"].Value.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => (long)double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<name>\w+)\{[^}]*\} (?<value>[\d.e+]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
