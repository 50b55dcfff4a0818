using System.Diagnostics;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Histories;

/// <summary>
/// Clients sign up and change e-mails among themselves while troubles come at random moments; then what they saw is held
/// against every version of everybody, and every row against its events.
/// </summary>
/// <param name="output">Where a failed run tells its seed.</param>
internal sealed class TroubledRun(ITestOutputHelper output)
{
    /// <summary>Longer than two rounds of the worker that ends what was left half way.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <summary>What the run is made of.</summary>
    public int Seed { get; } = Tests.Seed.Take(output);

    /// <summary>How many clients work at once.</summary>
    public required int Clients { get; init; }

    /// <summary>How many users they share.</summary>
    public required int Users { get; init; }

    /// <summary>How many e-mails they fight for.</summary>
    public required int Emails { get; init; }

    /// <summary>How many troubles come.</summary>
    public required int Troubles { get; init; }

    /// <summary>Milliseconds between two troubles, at most.</summary>
    public required int LongestQuietMs { get; init; }

    /// <summary>Runs it on servers that are up, and ends them.</summary>
    /// <param name="servers">Clients turn to one, and to the next when it gives no answer.</param>
    /// <param name="trouble">Makes a trouble, by its number; the servers recover from it by themselves.</param>
    /// <returns>What happened and what holds, as lines of a report.</returns>
    public async Task<string> RunAsync(IReadOnlyList<RosterProcess> servers, Func<int, Random, Task> trouble)
    {
        var random = new Random(Seed);
        List<HttpClient> ways = [.. servers.Select(server => server.Connect())];
        try
        {
            var run = new HistoryRun(ways, Users, Emails);
            var start = Stopwatch.GetTimestamp();
            await run.WorkAsync(Clients, random, () => MakeTroubleAsync(trouble, random));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var findings = await run.CheckAsync();
            output.WriteLine(run.Summary);
            Assert.True(findings.Count == 0, string.Join('\n', findings));
            Assert.True(run.Changes > 0, "Nothing was changed between the troubles.");
            return $"""
                - {seconds:F0} s: {run.Summary}; {run.Changes} of the versions are changes.
                - Every write was answered in the end, {run.Promise}, and no e-mail had two owners at any moment.
                - Afterwards, over every row of every shard: {await NothingIsLeftHalfWayAsync(servers)} No intent, no reservation, no orphan claim was left.

                """;
        }
        finally
        {
            ways.ForEach(way => way.Dispose());
        }
    }

    private async Task MakeTroubleAsync(Func<int, Random, Task> trouble, Random random)
    {
        for (var i = 0; i < Troubles; i++)
        {
            await Task.Delay(random.Next(200, LongestQuietMs));
            await trouble(i, random);
        }

        await Task.Delay(300);
    }

    /// <summary>The servers have ended it all by themselves; <c>rebuild</c> then reads every row of every shard.</summary>
    private async Task<string> NothingIsLeftHalfWayAsync(IReadOnlyList<RosterProcess> servers)
    {
        await Task.Delay(Recovery);
        foreach (var server in servers)
        {
            Assert.Equal(0, await server.StopAsync());
        }

        var verified = await servers[0].VerifyAsync();
        output.WriteLine(verified.Output);
        Assert.Equal((0, string.Empty), (verified.ExitCode, verified.Errors));
        return verified.Output.Trim();
    }
}
