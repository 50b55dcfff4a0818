using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Roster.Storage.Postgres.Members;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Connections that break while a batch is on its way.</summary>
public class LostCommitTests(PostgresLab lab) : IAsyncLifetime
{
    private readonly Changes changes = new();
    private PostgresOptions options = null!;
    private PostgresStore store = null!;

    protected virtual Task<PostgresOptions> CreateAsync(PostgresLab postgres) => postgres.CreateAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        options = await CreateAsync(lab);
        store = await PostgresDatabases.OpenAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await lab.DropAsync(options);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_batch_whose_backend_was_killed_commits_once()
    {
        var ada = changes.Register("Ada", "ada@example.org").WithKey("k");
        await store.CommitAsync([ada], Cancel);
        var rename = changes.Rename(ada.Next!, "Ada L.");

        // Another transaction holds the row, so that the batch waits where it can be killed.
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var holding = await connection.BeginTransactionAsync(Cancel);
        await new NpgsqlCommand("SELECT FROM users FOR UPDATE", connection).ExecuteNonQueryAsync(Cancel);
        var committing = store.CommitAsync([rename], Cancel).AsTask();
        await KillWaitingAsync();
        await holding.RollbackAsync(Cancel);

        Assert.Equal(ChangeOutcome.Committed, Assert.Single(await committing).Outcome);
        Assert.Equal(2, (await store.HistoryAsync(ada.User, 0, 10, ConsistencyToken.None, Cancel)).Count);
    }

    [Fact]
    public async Task What_had_committed_before_its_answer_was_lost_is_found_by_its_ids()
    {
        var stranger = changes.Register("Stranger", "taken@example.org");
        var ada = changes.Register("Ada", "ada@example.org").WithKey("k");
        var bob = changes.Register("Bob", "bob@example.org");
        var intent = new Intent { Id = changes.NewUserId("i@example.org").Value, Fence = 1, Elsewhere = [] };
        await store.CommitAsync([stranger, ada, bob], Cancel);
        var begin = new Change { User = bob.User, ExpectedSequence = 1, Intent = intent };
        var record = new Change { User = ada.User, ExpectedSequence = 1 }.WithKey("unchanged");
        await store.CommitAsync([begin, record], Cancel);

        var (committed, outcomes) = await FindAsync([ada, begin, changes.Register("Thief", "taken@example.org")]);
        Assert.Equal([ChangeOutcome.Committed, ChangeOutcome.Committed, ChangeOutcome.EmailTaken], outcomes);
        Assert.Equal([ChangeOutcome.Committed], (await FindAsync([record])).Outcomes);
        Assert.Equal([ChangeOutcome.Stale], (await FindAsync([changes.Rename(ada.Next! with { Sequence = 7 }, "No")])).Outcomes);
        Assert.NotEmpty(committed.Positions);
    }

    /// <summary>What a node finds whose connection broke after these changes were sent.</summary>
    private async Task<(ConsistencyToken AsOf, IEnumerable<ChangeOutcome> Outcomes)> FindAsync(Change[] sent)
    {
        var life = new ShardLife(options);
        await using var database = new PostgresDatabase(new ShardMembers(options, life, TimeProvider.System), options.Shard, life);
        var answer = await new LostCommit(database, TimeSpan.FromSeconds(10)).FindAsync(PreparedChange.All(sent), new IOException("gone"));
        return (answer.AsOf, answer.Outcomes.Select(o => (ChangeOutcome)o));
    }

    private async Task KillWaitingAsync()
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var kill = new NpgsqlCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", connection);
        while (await kill.ExecuteScalarAsync(Cancel) is 0L)
        {
            await Task.Delay(5, Cancel);
        }
    }
}
