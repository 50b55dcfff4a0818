using Roster.Core.Storage;
using Roster.Lab;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>What a pgbouncer in transaction mode would break is told in a sentence that says what to set.</summary>
public sealed class BouncerTests(PostgresLab lab) : IAsyncLifetime
{
    private PostgresOptions options = null!;
    private PostgresOptions prepared = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        options = await lab.CreateBouncedAsync();
        prepared = options with { PrepareStatements = true };
    }

    public async ValueTask DisposeAsync() => await lab.DropAsync(options);

    [Fact]
    public async Task Prepared_statements_are_refused_when_it_refuses_the_settings_that_come_with_them() =>
        AssertNamesTheSetting(await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresDatabases.OpenAsync(prepared)));

    [Fact]
    public async Task Prepared_statements_are_refused_when_it_ignores_the_settings_that_come_with_them()
    {
        await using var ignoring = await IgnoringAsync();
        AssertNamesTheSetting(await Assert.ThrowsAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(Through(ignoring))));
    }

    [Fact]
    public async Task Where_it_cannot_be_noticed_before_a_lost_statement_says_so()
    {
        await PostgresLab.RunAsync(
            await lab.ServerAsync(), $"ALTER DATABASE {PostgresLab.DatabaseOf(options)} SET plan_cache_mode = force_generic_plan");
        await using var ignoring = await IgnoringAsync();

        // Both have the same session, and the same names for their statements.
        await using var one = await PostgresDatabases.OpenAsync(Through(ignoring));
        await using var other = await PostgresDatabases.OpenAsync(Through(ignoring));
        AssertNamesTheSetting(await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await ReadAsync(one);
                await ReadAsync(other);
            }
        }));
    }

    [Fact]
    public async Task Migrations_want_a_way_past_it()
    {
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(
            () => PostgresMigrations.ApplyAsync(options with { Direct = null }, null, Cancel));
        Assert.Contains("Roster:Shards:0:Direct", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await PostgresMigrations.ApplyAsync(options, null, Cancel));
    }

    private async Task<PgBouncer> IgnoringAsync() =>
        await PgBouncer.StartAsync(await lab.ServerAsync(), "ignore_startup_parameters = options");

    private PostgresOptions Through(PgBouncer bouncer) =>
        prepared with { ConnectionString = bouncer.ConnectionStringOf(PostgresLab.DatabaseOf(options)) };

    private static async Task ReadAsync(PostgresStore store) =>
        await store.UsersAsync([new Changes().NewUserId("nobody@example.org")], ConsistencyToken.None, Cancel);

    private static void AssertNamesTheSetting(Exception refusal) =>
        Assert.Contains("set PrepareStatements to false", refusal.Message, StringComparison.Ordinal);
}
