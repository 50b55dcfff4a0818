using Roster.Cluster.Tests.Histories;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>
/// Clients sign up and change e-mails among themselves through two processes on two PostgreSQL shards, one of them through
/// pgbouncers, while processes are killed, or paused and resumed, and postmasters and pgbouncers are killed: nothing
/// acknowledged is lost, a repeated request happens once, never two owners.
/// </summary>
public sealed class PostgresCrashTests(ITestOutputHelper output)
{
    private const int Clients = 24;

    [Fact]
    public Task Two_processes_on_two_shards_survive_every_crash() => RunAsync(troubles: 5, longestPauseMs: 800);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Two_processes_on_two_shards_survive_every_crash_over_minutes() =>
        await Report.WriteAsync("postgres-crashes.md", await RunAsync(troubles: 150, longestPauseMs: 4_000));

    private async Task<string> RunAsync(int troubles, int longestPauseMs)
    {
        var run = new TroubledRun(output) { Clients = Clients, Users = 32, Emails = 48, Troubles = troubles, LongestQuietMs = 1_200 };
        await using var cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 2);
        var trouble = new ClusterTrouble(cluster, longestPauseMs);
        var found = await run.RunAsync(cluster.Nodes, trouble.MakeAsync);
        output.WriteLine($"{trouble}");
        return $"""
            # Two API processes on two PostgreSQL shards, through kills and pauses of all of them

            Written by `ROSTER_SEED={run.Seed} ./test long`: {Clients} clients share {run.Users} users and {run.Emails} e-mails over HTTP, through two processes,
            the second of which reaches its shards through pgbouncers in transaction mode; each client keeps to one process until it gives no
            answer, and sends the same `Idempotency-Key` to the other. Reads by id and conditional changes carry the token of the user's newest acknowledged version, whoever made it.
            {trouble} (pauses up to {longestPauseMs} ms).

            {found.TrimEnd()}
            - Not shown: a missing fsync. The kernel keeps what a killed process wrote; that `fsync` is on is required at the start instead.

            """;
    }
}
