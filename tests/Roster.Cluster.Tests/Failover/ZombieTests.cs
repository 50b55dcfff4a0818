using Roster.Lab.Histories;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>
/// A primary that hangs with its whole machine for longer than Patroni's time to live, and then wakes up as if nothing had
/// happened: another leads by then. Nothing is written to the zombie, and nothing that it says is believed.
/// </summary>
public sealed class ZombieTests(ITestOutputHelper output)
{
    /// <summary>What Roster writes, as a member has it.</summary>
    private const string Written = "SELECT count(*) FROM events";

    /// <summary>What a read without a token may be behind, and what a busy machine adds, in microseconds.</summary>
    private const long Staleness = 8_000_000;

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_primary_that_wakes_up_is_not_written_to_and_not_believed()
    {
        var options = new PatroniOptions();
        await using var shard = await PatroniShard.StartAsync(members: 2, nodes: 2, options);
        var run = new LoadRun(shard.Ways, Seed.Take(output));
        var zombie = await shard.LeaderAsync();
        var had = 0L;
        await run.WorkAsync(async () =>
        {
            await Task.Delay(2_000);
            var from = run.Now;
            zombie.Pause();
            var leader = await shard.LeaderBesideAsync(zombie);
            await Task.Delay(4_000);
            output.WriteLine($"Writes were away for {run.LongestSilence(from, run.Now):F1} s.");

            // PostgreSQL alone: nothing demotes it, and it takes itself for the primary.
            zombie.ResumePostgres();
            await Task.Delay(500);
            Assert.False(await Sql.AskAsync<bool>(zombie.ConnectionStringOf("postgres"), "SELECT pg_is_in_recovery()"));
            had = await Sql.AskAsync<long>(zombie.ConnectionStringOf("postgres"), Written);
            await Task.Delay(6_000);
            Assert.Equal(had, await Sql.AskAsync<long>(zombie.ConnectionStringOf("postgres"), Written));
            Assert.True(await Sql.AskAsync<long>(leader.ConnectionStringOf("postgres"), Written) > had + 100, "Nothing was written meanwhile.");

            // Patroni wakes up too, and makes it follow.
            zombie.Resume();
            await shard.Patroni.CompleteAsync(synchronous: true);
            await Task.Delay(1_000);
        });
        var verdict = HistoryChecker.Check(await run.HistoryAsync(Staleness));

        // A leader that hangs is missed for ttl: a read whose token it alone has is told so after ten seconds, and all others are answered.
        var waited = run.Failed.Count(request => request.NobodyHasIt);
        var failed = run.Failed
            .Where(request => !request.NobodyHasIt && (request.Method == HttpMethod.Get || !request.What.Contains("503", StringComparison.Ordinal))).ToList();
        output.WriteLine($"{run.Log.Count} operations, {run.Failed.Count - waited} attempts at writes were repeated, {waited} reads had a token that only the zombie could answer.");
        Assert.True(waited < run.Log.Count / 100, $"{waited} reads of {run.Log.Count} operations were not answered.");
        Assert.True(verdict.Findings.Count == 0, string.Join('\n', verdict.Findings.Take(20)));
        Assert.True(failed.Count == 0, string.Join('\n', failed.Take(20)));
    }
}
