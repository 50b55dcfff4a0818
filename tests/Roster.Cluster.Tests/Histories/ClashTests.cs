using System.Globalization;
using Roster.Cluster.Tests.Processes;
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
    public async Task No_email_has_two_owners_on_three_shards() => await RunAsync(troubles: 5, longestPauseMs: 400);

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_email_has_two_owners_on_three_shards_over_minutes() => await RunAsync(troubles: 80, longestPauseMs: 4_000);

    private async Task RunAsync(int troubles, int longestPauseMs)
    {
        var given = Environment.GetEnvironmentVariable("ROSTER_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"ROSTER_SEED={seed}");
        var random = new Random(seed);
        await using var server = await RosterProcess.StartAsync(shards: 3);
        using var http = server.Connect();
        var run = new HistoryRun(http, mostUsers: 48, emails: 72);
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
        await AssertNothingIsLeftHalfWayAsync(server);
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
    private async Task AssertNothingIsLeftHalfWayAsync(RosterProcess server)
    {
        await Task.Delay(Recovery);
        Assert.Equal(0, await server.StopAsync());
        var rebuild = await server.RunAsync("rebuild", "--verify", "--data", server.Data);
        output.WriteLine(rebuild.Output);
        Assert.Equal((0, string.Empty), (rebuild.ExitCode, rebuild.Errors));
    }
}
