using System.Diagnostics;
using Npgsql;
using Roster.Core.Storage;
using Roster.Lab;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>What may have committed and cannot be known to be durable is told as unknown; it is never acknowledged, and never cancelled.</summary>
public sealed class UnknownOutcomeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Changes changes = new();
    private PostgresServer server = null!;
    private PostgresOptions options = null!;
    private PostgresStore store = null!;
    private Change ada = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.StartAsync();
        options = PostgresLab.OptionsOf(server, "postgres") with { CommitTimeout = Patience, ConnectTimeout = Patience };
        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        store = await PostgresDatabases.OpenAsync(options);
        ada = changes.Register("Ada", "ada@example.org");
        await store.CommitAsync([ada], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_is_gone_leaves_the_outcome_unknown_until_it_is_back()
    {
        await server.KillAsync();

        var rename = changes.Rename(ada.Next!, "Ada L.");
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await store.CommitAsync([rename], Cancel));
        Assert.Equal("The database cannot be reached.", Assert.Single(await store.CheckAsync(Cancel)).Problem);

        // No connection any more, so nothing is sent: then that is sure.
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CommitAsync([rename], Cancel));

        await server.StartAgainAsync();
        Assert.Equal(ada.Next, await AdaAsync());
        Assert.Equal(ChangeOutcome.Committed, Assert.Single(await store.CommitAsync([rename], Cancel)).Outcome);
        Assert.Empty(await store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task A_commit_that_takes_longer_than_patience_is_unknown_and_goes_on()
    {
        await using var connection = new NpgsqlConnection(server.ConnectionStringOf("postgres") + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var holding = await connection.BeginTransactionAsync(Cancel);
        await new NpgsqlCommand("SELECT FROM users FOR UPDATE", connection).ExecuteNonQueryAsync(Cancel);
        var rename = changes.Rename(ada.Next!, "Ada L.").WithKey("rename");

        var start = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await store.CommitAsync([rename], Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(start), Patience * 0.9, Patience * 5);

        // Long after that it has not been cancelled.
        await Waiting.ForAsync(server, "application_name = 'roster' AND wait_event_type = 'Lock' AND query_start < clock_timestamp() - interval '4 s'", 1);
        await holding.RollbackAsync(Cancel);
        await Waiting.ForAsync(server, "application_name = 'roster' AND state = 'idle'", 1);
        Assert.Equal(rename.Next, await AdaAsync());
        Assert.NotNull(await store.OutcomeAsync(ada.User.Bucket, Idempotent.Principal, Idempotent.KeyOf("rename"), Cancel));
    }

    [Fact]
    public async Task A_commit_that_waits_for_a_missing_standby_is_unknown_even_where_it_can_be_seen()
    {
        var standby = await MissingStandby.RequireAsync(server);

        var bob = changes.Register("Bob", "bob@example.org").WithKey("bob");
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await store.CommitAsync([bob], Cancel));
        Assert.Null((await store.UsersAsync([bob.User], ConsistencyToken.None, Cancel))[0]);

        // A connection that breaks while its commit waits leaves what can be seen, and is not replicated.
        await using var patient = await PostgresDatabases.OpenAsync(options with { CommitTimeout = Patience * 5 });
        var rename = changes.Rename(ada.Next!, "Ada L.");
        var committing = patient.CommitAsync([rename], Cancel).AsTask();
        await Waiting.ForAsync(server, "application_name = 'roster' AND wait_event = 'SyncRep'", 2);
        await PostgresLab.RunAsync(server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster' AND wait_event = 'SyncRep'");
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => committing);
        Assert.Contains("broke", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(rename.Next, await AdaAsync());

        await standby.ForgetAsync();
        Assert.Equal(ChangeOutcome.KeyUsed, Assert.Single(await store.CommitAsync([bob], Cancel)).Outcome);
        Assert.Equal(ChangeOutcome.Stale, Assert.Single(await store.CommitAsync([rename], Cancel)).Outcome);
    }

    private async Task<Core.Users.User?> AdaAsync() => (await store.UsersAsync([ada.User], ConsistencyToken.None, Cancel))[0]?.State;
}
