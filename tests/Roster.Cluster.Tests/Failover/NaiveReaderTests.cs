using Npgsql;
using Roster.Cluster.Tests.Postgres;
using Roster.Lab.Histories;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>
/// The history checker is seen to fail on what a reader of events has got: one that asks for what is behind the last position
/// misses what commits late, and is found out; one that waits for transactions that still run misses nothing.
/// </summary>
public sealed class NaiveReaderTests(ITestOutputHelper output)
{
    private const string Naive = "SELECT position, user_id, sequence FROM outbox WHERE position > $1 ORDER BY position";

    private const string Careful = """
        SELECT position, user_id, sequence FROM outbox
        WHERE position > $1 AND position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20 ORDER BY position
        """;

    /// <summary>Commits of some users take long, when their positions are taken already: those of the other node overtake them.</summary>
    private const string LateCommits = """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON users DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.bucket % 16 = 0) EXECUTE FUNCTION dawdle();
        """;

    [Fact]
    public async Task A_reader_that_misses_late_commits_is_found_out_and_a_careful_one_is_not()
    {
        await using var cluster = await PostgresCluster.StartAsync(shards: 1, nodes: 2);

        await Sql.AskAsync<int>(cluster.Shards[0], LateCommits);
        List<HttpClient> ways = [.. cluster.Nodes.Select(node => node.Connect())];
        var run = new LoadRun(ways, Seed.Take(output));
        using var end = new CancellationTokenSource();
        var connection = cluster.Shards[0].ConnectionStringOf("postgres");
        var reading = Task.WhenAll(ReadAsync(connection, Naive, end.Token), ReadAsync(connection, Careful, end.Token));
        await run.WorkAsync(() => Task.Delay(6_000));
        await Task.Delay(500);
        await end.CancelAsync();
        var read = await reading;
        var history = await run.HistoryAsync(staleness: null);
        ways.ForEach(way => way.Dispose());

        var writes = history.Final.ToDictionary(write => (write.User, write.Version));
        var (naive, careful) = (Check(read[0]), Check(read[1]));
        output.WriteLine($"{writes.Count} writes; the naive reader: {naive.Count} findings.");
        Assert.True(careful.Count == 0, string.Join('\n', careful.Take(10)));
        Assert.Contains(naive, finding => finding.Kind == FindingKind.Lost);
        output.WriteLine($"{naive.First(finding => finding.Kind == FindingKind.Lost)}");

        // What a reader has got, in the place of what is there.
        List<Finding> Check(List<(string User, long Sequence)> got) =>
        [
            .. HistoryChecker.Check(history with
            {
                Operations = [.. history.Operations.Where(o => o.Kind == OperationKind.Write)],
                Final = [.. got.Select(entry => writes[entry])],
            }).Findings,
        ];
    }

    /// <summary>What a reader gets who goes on from the last position; these users have no posts, so a sequence is a version.</summary>
    private static async Task<List<(string User, long Sequence)>> ReadAsync(string connection, string page, CancellationToken end)
    {
        List<(string, long)> got = [];
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync(CancellationToken.None);
        for (var last = 0L; !end.IsCancellationRequested; await Task.Delay(1, CancellationToken.None))
        {
            await using var command = new NpgsqlCommand(page, open) { Parameters = { new NpgsqlParameter<long> { TypedValue = last } } };
            await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await rows.ReadAsync(CancellationToken.None))
            {
                last = rows.GetInt64(0);
                got.Add((rows.GetGuid(1).ToString(), rows.GetInt64(2)));
            }
        }

        return got;
    }
}
