using System.Globalization;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Roster.Lab.Histories;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>
/// A replica whose replay is paused and resumed at random moments: no read with a token is older than the token, by id and in
/// lists. Reads without tokens show the pause, so that the test can fail; and so does a node that does not look at tokens.
/// </summary>
public sealed class PausedReplayTests(ITestOutputHelper output)
{
    private const int Clients = 8;

    [Fact]
    public async Task No_read_with_a_token_is_older_than_the_token()
    {
        var (verdict, _) = await RunAsync(reads: 4_000, way => way);
        Assert.True(verdict.Findings.Count == 0, string.Join('\n', verdict.Findings.Take(20)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_read_with_a_token_is_older_than_the_token_in_a_hundred_thousand()
    {
        var (verdict, text) = await RunAsync(reads: 104_000, way => way);
        Assert.True(verdict.Findings.Count == 0, string.Join('\n', verdict.Findings.Take(20)));
        await Report.WriteAsync("replica-tokens.md", text);
    }

    [Fact]
    public async Task A_token_that_nobody_looks_at_is_found_out()
    {
        var (verdict, _) = await RunAsync(reads: 2_000, way => new WithoutTokens(way));
        Assert.NotEmpty(verdict.Findings);
        Assert.All(verdict.Findings, finding => Assert.Equal(FindingKind.Stale, finding.Kind));
        output.WriteLine($"{verdict.Findings[0]}");
    }

    private async Task<(HistoryVerdict Verdict, string Report)> RunAsync(int reads, Func<HttpMessageHandler, HttpMessageHandler> way)
    {
        var seed = Seed.Take(output);
        await using var primary = await PostgresServer.StartAsync();
        var settings = PostgresCluster.SettingsOf(primary);
        await using var node = RosterProcess.Prepare(settings);
        var migrated = await node.RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        await using var replica = await primary.StartReplicaAsync("replica_1");
        settings["Roster__Shards__0__Replicas__0"] = replica.ConnectionStringOf("postgres");
        settings["Roster__Consistency__MaxStaleness"] = "10m";

        // Reads that memory serves would never see the replica.
        settings["Roster__Cache__MaxMegabytes"] = "0";
        await node.StartFirstAsync();
        using var http = node.Connect(way);
        using var straight = node.Connect();
        var before = await ReadRowsAsync(replica);

        var run = new LoadRun([straight], seed);
        using var end = new CancellationTokenSource();
        var pausing = PauseAsync(replica, new Random(seed), end.Token);
        List<TokenReads> clients = [.. Enumerable.Range(0, Clients).Select(i => new TokenReads($"c{i}", http, run))];
        await Task.WhenAll(clients.Select(client => client.WorkAsync(reads / Clients)));
        await end.CancelAsync();
        var pauses = await pausing;

        var history = await run.HistoryAsync(staleness: null);
        var verdict = HistoryChecker.Check(history);
        Assert.Empty(verdict.Unknown);
        var (withToken, stale, without) = (clients.Sum(c => c.WithToken), clients.Sum(c => c.Stale), run.Log.Count(o => o is { Kind: OperationKind.Read, Sent: null }));
        var rows = await ReadRowsAsync(replica) - before;
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            # Reads with tokens from a replica whose replay is paused

            Written by `ROSTER_SEED={seed} ./test long`: {Clients} clients change users and read them at once, three of four times by id and else in a
            list, through one API process with one streaming replica, whose replay was paused (`pg_wal_replay_pause()`) {pauses} times at random moments.

            - {withToken:N0} reads carried the token of the client's last write; {verdict.Findings.Count(f => f.Kind == FindingKind.Stale):N0} were older than it.
            - {without:N0} reads carried none; {stale:N0} of them were older than what the same client had written before: the pause shows, so the first figure could.
            - The replica itself read {rows:N0} rows meanwhile: it does serve.

            """);
        output.WriteLine(text);
        Assert.True(withToken >= reads);
        Assert.True(stale > 0, "No read without a token was stale: the replica was not asked, and nothing is shown.");
        return (verdict, text);
    }

    private static async Task<int> PauseAsync(PostgresServer replica, Random random, CancellationToken end)
    {
        for (var pauses = 1; ; pauses++)
        {
            await Sql.AskAsync<int>(replica, "SELECT pg_wal_replay_pause()");
            await Task.Delay(random.Next(50, 800), CancellationToken.None);
            await Sql.AskAsync<int>(replica, "SELECT pg_wal_replay_resume()");
            if (end.IsCancellationRequested)
            {
                return pauses;
            }

            await Task.Delay(random.Next(20, 300), CancellationToken.None);
        }
    }

    private static Task<long> ReadRowsAsync(PostgresServer replica) =>
        Sql.AskAsync<long>(replica, "SELECT sum(idx_tup_fetch)::bigint FROM pg_stat_user_tables");

    /// <summary>What a node does that takes every replica for caught up.</summary>
    private sealed class WithoutTokens(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove("Consistency-Token");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
