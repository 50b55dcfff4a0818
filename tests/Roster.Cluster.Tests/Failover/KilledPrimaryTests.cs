using System.Globalization;
using Roster.Lab.Histories;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>
/// The primary's postmaster is killed under a steady load of reads and writes: a replica takes over, nothing acknowledged is
/// lost, nothing happens twice, no read fails, and writes go on as soon as Patroni can do.
/// </summary>
public sealed class KilledPrimaryTests(ITestOutputHelper output)
{
    /// <summary>Patroni notices within a round (1 s) and promotes within another, and Roster looks each second; the rest is for a busy machine. A dead machine would take the time to live (20 s) instead.</summary>
    private const double LongestOutage = 10;

    [Fact]
    public Task Nothing_is_lost_and_no_read_fails_when_the_primary_is_killed() => RunAsync(kills: 1);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Nothing_is_lost_and_no_read_fails_when_primaries_are_killed_again_and_again() =>
        await Report.WriteAsync("failover.md", await RunAsync(kills: 20));

    private async Task<string> RunAsync(int kills)
    {
        var seed = Seed.Take(output);
        await using var shard = await PatroniShard.StartAsync(members: 2, nodes: 2, new PatroniOptions());
        var run = new LoadRun(shard.Ways, seed);
        List<(long From, long Until)> killed = [];
        await run.WorkAsync(async () =>
        {
            await Task.Delay(2_000);
            for (var i = 0; i < kills; i++)
            {
                var old = await shard.LeaderAsync();
                var from = run.Now;
                old.KillPostmaster();
                await shard.LeaderBesideAsync(old);
                await Task.Delay(3_000);
                await shard.Patroni.CompleteAsync(synchronous: true);
                killed.Add((from, run.Now));
                await Task.Delay(2_000);
            }
        });
        var history = await run.HistoryAsync(staleness: null);
        var verdict = HistoryChecker.Check(history);
        var outages = new Distribution(killed.Select(kill => run.LongestSilence(kill.From, kill.Until)));
        var all = new Distribution(Reads(history).Select(Milliseconds));
        var during = new Distribution(Reads(history).Where(read => killed.Exists(kill => read.Answered > kill.From && read.Invoked < kill.From + (long)(outages.Max * 1e6))).Select(Milliseconds));
        var failed = run.Failed.Where(request => request.Method == HttpMethod.Get || !request.What.Contains("503", StringComparison.Ordinal)).ToList();
        var text = Describe(seed, kills, run, history, outages, all, during);
        output.WriteLine(text);
        Assert.True(verdict.Findings.Count + failed.Count == 0, string.Join('\n', [.. verdict.Findings.Take(20), .. failed.Take(20)]));
        Assert.Empty(verdict.Unknown);
        Assert.True(outages.Max < LongestOutage, $"Writes were away for {outages.Max:F1} s.");
        Assert.True(all.Count > 1_000);
        return text;
    }

    private static IEnumerable<Operation> Reads(History history) => history.Operations.Where(o => o.Kind == OperationKind.Read);

    private static double Milliseconds(Operation operation) => (operation.Answered - operation.Invoked) / 1e3;

    private static string Describe(int seed, int kills, LoadRun run, History history, Distribution outages, Distribution all, Distribution during)
    {
        var writes = history.Operations.Where(o => o.Kind == OperationKind.Write).ToList();
        var seconds = run.Now / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"""
            # The primary is killed under load, under Patroni with synchronous replication

            Written by `ROSTER_SEED={seed} ./test long`: two API processes over one shard of two members (Patroni 3.0.2 with etcd on
            loopback, loop_wait 1 s, ttl 20 s); {LoadRun.Rate:F0} requests/s are begun, {LoadRun.Rate - 100:F0} reads (by id, in lists, with and without tokens)
            and 100 writes, for {seconds:F0} s; {kills} times the postmaster of the member that led was killed (kill -9).

            | | count | p50 | p90 | p99 | p99.9 | max |
            |---|---|---|---|---|---|---|
            | seconds without an acknowledged write, per kill | {outages.Row("F1")} |
            | milliseconds of a read, all | {all.Row("F1")} |
            | milliseconds of a read, begun or answered during an outage | {during.Row("F1")} |

            - {writes.Count:N0} writes were acknowledged, of {run.Board.Count:N0} users; each is in the final history, once and in order. {run.Failed.Count(failed => failed.Method != HttpMethod.Get):N0} attempts at writes were answered 503 and repeated with their `Idempotency-Key`.
            - {all.Count:N0} reads, and {run.Failed.Count(failed => failed.Method == HttpMethod.Get):N0} that failed; {history.Operations.Count(o => o is { Kind: OperationKind.Read, Sent: not null }):N0} carried a token, and none of them was older than it.

            """);
    }
}
