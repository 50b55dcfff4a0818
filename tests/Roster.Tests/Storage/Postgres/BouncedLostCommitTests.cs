using Npgsql;
using Roster.Core.Storage;
using Roster.Lab;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The same through a pgbouncer, which tells of a broken connection in words of its own.</summary>
public sealed class BouncedLostCommitTests(PostgresLab lab) : LostCommitTests(lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected override Task<PostgresOptions> CreateAsync(PostgresLab postgres) => postgres.CreateBouncedAsync();

    [Fact]
    public async Task A_batch_whose_database_crashed_behind_its_bouncer_commits_once() => await CommitsOnceAsync(async (server, _, _) =>
    {
        await server.KillAsync();
        await server.StartAgainAsync();
    });

    [Fact]
    public async Task A_batch_whose_bouncer_was_killed_commits_once() => await CommitsOnceAsync(async (server, bouncer, holding) =>
    {
        await bouncer.KillAsync();
        await bouncer.StartAgainAsync();

        // The batch waits in the database still, and the one that was sent again waits behind it.
        await Waiting.ForAsync(server, "wait_event_type = 'Lock'", 2);
        await holding.RollbackAsync(Cancel);
    });

    private static async Task CommitsOnceAsync(Func<PostgresServer, PgBouncer, NpgsqlTransaction, Task> trouble)
    {
        var changes = new Changes();
        await using var server = await PostgresServer.StartAsync();
        await using var bouncer = await PgBouncer.StartAsync(server);
        var options = PostgresLab.Bounced(PostgresLab.OptionsOf(server, "postgres"), bouncer);
        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        await using var store = await PostgresDatabases.OpenAsync(options);
        var ada = changes.Register("Ada", "ada@example.org");
        await store.CommitAsync([ada], Cancel);

        // Another transaction holds the row, so that the batch waits where it can be hit.
        await using var connection = new NpgsqlConnection(options.Direct + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        var holding = await connection.BeginTransactionAsync(Cancel);
        await new NpgsqlCommand("SELECT FROM users FOR UPDATE", connection).ExecuteNonQueryAsync(Cancel);
        var committing = store.CommitAsync([changes.Rename(ada.Next!, "Ada L.")], Cancel).AsTask();
        await Waiting.ForAsync(server, "wait_event_type = 'Lock'", 1);
        await trouble(server, bouncer, holding);

        Assert.Equal(ChangeOutcome.Committed, Assert.Single(await committing).Outcome);
        Assert.Equal(2, (await store.HistoryAsync(ada.User, 0, 10, ConsistencyToken.None, Cancel)).Count);
    }
}
