using System.Diagnostics;
using System.Globalization;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Histories;

/// <summary>
/// 64 clients sign up with the same e-mails on three shards and change e-mails among themselves, while the server is
/// killed, or paused and resumed, at random moments: never two owners, and nothing is left half way.
/// </summary>
public sealed class ClashTests(ITestOutputHelper output)
{
    private const int Clients = 64;

    /// <summary>Longer than two rounds of the worker that ends what was left half way.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    [Fact]
    public Task No_email_has_two_owners_on_three_shards() => RunAsync(troubles: 5, longestPauseMs: 400);

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_email_has_two_owners_on_three_shards_over_minutes() =>
        await Report.WriteAsync("clashes.md", await RunAsync(troubles: 80, longestPauseMs: 4_000));

    private async Task<string> RunAsync(int troubles, int longestPauseMs)
    {
        var start = Stopwatch.GetTimestamp();
        var given = Environment.GetEnvironmentVariable("ROSTER_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"ROSTER_SEED={seed}");
        var random = new Random(seed);
        await using var server = await RosterProcess.StartAsync(shards: 3);
        using var http = server.Connect();
        var run = new HistoryRun([http], mostUsers: 48, emails: 72);
        await run.WorkAsync(Clients, random, async () =>
        {
            for (var i = 0; i < troubles; i++)
            {
                await Task.Delay(random.Next(200, 1_500));
                await TroubleAsync(server, random, longestPauseMs);
            }

            await Task.Delay(300);
        });
        var findings = await run.CheckAsync();
        output.WriteLine(run.Summary);
        Assert.Empty(findings);
        Assert.True(run.Changes > 0, "Nothing was changed between the troubles.");
        var rebuild = await AssertNothingIsLeftHalfWayAsync(server);
        return $"""
            # Sign-ups and changes of e-mail that clash, on three shards, through kills and pauses

            Written by `ROSTER_SEED={seed} ./test long`: {Clients} clients share 48 users and 72 e-mails over HTTP; the server, three
            SQLite shards in one process, was killed (kill -9) or paused (SIGSTOP, up to {longestPauseMs} ms) {troubles} times in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s.

            - {run.Summary}; {run.Changes} of the versions are changes.
            - Every history is linearizable per user, and no e-mail had two owners at any moment.
            - Afterwards, over every row of every shard: {rebuild.Trim()} No intent, no reservation, no orphan claim was left.

            """;
    }

    private static async Task TroubleAsync(RosterProcess server, Random random, int longestPauseMs)
    {
        if (random.Next(4) == 0)
        {
            server.Process.Send(Signal.Stop);
            await Task.Delay(random.Next(50, longestPauseMs));
            server.Process.Send(Signal.Continue);
        }
        else
        {
            await server.KillAsync();
            await server.StartAgainAsync();
        }
    }

    /// <summary>The server has ended it all by itself; <c>rebuild</c> then reads every row of every shard.</summary>
    private async Task<string> AssertNothingIsLeftHalfWayAsync(RosterProcess server)
    {
        await Task.Delay(Recovery);
        Assert.Equal(0, await server.StopAsync());
        var rebuild = await server.RunAsync("rebuild", "--verify", "--data", server.Data);
        output.WriteLine(rebuild.Output);
        Assert.Equal((0, string.Empty), (rebuild.ExitCode, rebuild.Errors));
        return rebuild.Output;
    }
}
