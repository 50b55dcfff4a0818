using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A database that comes late, or back: what opening checks is checked before it is used.</summary>
public sealed class ReturnTests(PostgresLab lab) : IAsyncLifetime
{
    private readonly Changes changes = new();
    private PostgresOptions options = null!;
    private PostgresStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => new NpgsqlConnectionStringBuilder(options.ConnectionString).Database!;

    public async ValueTask InitializeAsync()
    {
        options = await lab.CreateAsync(shard: 1);
        store = PostgresStore.Of(options, SuiteEncoders.All);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await lab.DropAsync(options);
    }

    [Fact]
    public async Task A_database_that_comes_late_is_looked_over_and_told_what_it_owns_before_its_first_use()
    {
        var ada = changes.Register("Ada", "ada@example.org");
        var bob = changes.Register("Bob", "bob@example.org");
        await RunAsync($"ALTER DATABASE {Database} RENAME TO {Database}_elsewhere");
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.OwnAsync(1, bucket => bucket == ada.User.Bucket, Cancel));
        Assert.Equal("The database does not exist.", await TroubleAsync());

        await RunAsync($"CREATE DATABASE {Database}");
        Assert.Contains("run \"roster migrate\" first", await TroubleAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CommitAsync([ada], Cancel));

        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        Assert.Equal(ChangeOutcome.Committed, Assert.Single(await store.CommitAsync([ada], Cancel)).Outcome);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CommitAsync([bob], Cancel));
        Assert.Null(await TroubleAsync());
        await RunAsync($"DROP DATABASE {Database}_elsewhere");
    }

    [Fact]
    public async Task Another_database_in_its_place_is_not_used_until_the_first_is_back()
    {
        var ada = changes.Register("Ada", "ada@example.org");
        await store.CommitAsync([ada], Cancel);
        await CutAsync();
        await RunAsync($"ALTER DATABASE {Database} RENAME TO {Database}_first");
        await RunAsync($"CREATE DATABASE {Database}");
        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        Assert.StartsWith("Another database than before", await TroubleAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.UsersAsync([ada.User], ConsistencyToken.None, Cancel));

        await RunAsync($"DROP DATABASE {Database} WITH (FORCE)");
        await RunAsync($"ALTER DATABASE {Database}_first RENAME TO {Database}");
        Assert.Equal(ada.Next, (await store.UsersAsync([ada.User], ConsistencyToken.None, Cancel))[0]?.State);
    }

    [Theory]
    [InlineData("synchronous_commit = off", "synchronous_commit=off")]
    [InlineData("default_transaction_read_only = on", null)]
    public async Task A_database_that_comes_back_unsafe_is_not_used(string setting, string? trouble)
    {
        await store.CommitAsync([changes.Register("Ada", "ada@example.org")], Cancel);
        await RunAsync($"ALTER DATABASE {Database} SET {setting}");
        await CutAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CommitAsync([changes.Register("Bob", "bob@example.org")], Cancel));
        if (trouble is not null)
        {
            Assert.Contains(trouble, await TroubleAsync(), StringComparison.Ordinal);
        }

        await RunAsync($"ALTER DATABASE {Database} RESET ALL");
        await CutAsync();
        Assert.Equal(ChangeOutcome.Committed, Assert.Single(await store.CommitAsync([changes.Register("Eve", "eve@example.org")], Cancel)).Outcome);
    }

    private async Task<string?> TroubleAsync() => (await store.CheckAsync(Cancel)) is [var trouble] ? trouble.Problem : null;

    /// <summary>Breaks its connections; the first call after that notices.</summary>
    private async Task CutAsync()
    {
        await RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}'");
        await TroubleAsync();
    }

    private async Task RunAsync(string sql) => await PostgresLab.RunAsync(await lab.ServerAsync(), sql);
}
