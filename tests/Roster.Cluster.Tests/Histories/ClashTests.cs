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

    [Fact]
    public Task No_email_has_two_owners_on_three_shards() => RunAsync(troubles: 5, longestPauseMs: 400);

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_email_has_two_owners_on_three_shards_over_minutes() =>
        await Report.WriteAsync("clashes.md", await RunAsync(troubles: 80, longestPauseMs: 4_000));

    private async Task<string> RunAsync(int troubles, int longestPauseMs)
    {
        var run = new TroubledRun(output) { Clients = Clients, Users = 48, Emails = 72, Troubles = troubles, LongestQuietMs = 1_500 };
        await using var server = await RosterProcess.StartAsync(shards: 3);
        var found = await run.RunAsync([server], (_, random) => TroubleAsync(server, random, longestPauseMs));
        return $"""
            # Sign-ups and changes of e-mail that clash, on three shards, through kills and pauses

            Written by `ROSTER_SEED={run.Seed} ./test long`: {Clients} clients share {run.Users} users and {run.Emails} e-mails over HTTP; the server, three
            SQLite shards in one process, was killed (kill -9) or paused (SIGSTOP, up to {longestPauseMs} ms) {troubles} times.

            {found}
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
}
