using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>What a database must be before it is served.</summary>
public sealed class OpeningTests(PostgresLab lab) : IAsyncLifetime
{
    private PostgresOptions options = null!;

    private string Database => new NpgsqlConnectionStringBuilder(options.ConnectionString).Database!;

    public async ValueTask InitializeAsync() => options = await lab.CreateAsync();

    public async ValueTask DisposeAsync() => await lab.DropAsync(options);

    [Fact]
    public async Task A_database_that_does_not_wait_for_its_log_is_refused_unless_allowed_by_name()
    {
        await PostgresLab.RunAsync(await lab.ServerAsync(), $"ALTER DATABASE {Database} SET synchronous_commit = off");
        var refusal = await Assert.ThrowsAnyAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(options));
        Assert.Contains("synchronous_commit=off", refusal.Message, StringComparison.Ordinal);
        await using var allowed = await PostgresDatabases.OpenAsync(options with { AllowUnsafeDurability = true });
    }

    [Fact]
    public async Task A_server_without_fsync_is_refused()
    {
        await using var server = await Lab.PostgresServer.StartAsync("fsync = off");
        var there = PostgresLab.OptionsOf(server, "postgres");
        await PostgresMigrations.ApplyAsync(there, null, CancellationToken.None);
        var refusal = await Assert.ThrowsAnyAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(there));
        Assert.Contains("fsync=off", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_never_changes_its_shard()
    {
        await using (await PostgresDatabases.OpenAsync(options with { Shard = new ShardId(3) }))
        {
        }

        var refusal = await Assert.ThrowsAnyAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(options));
        Assert.Contains("holds shard 3, not shard 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_its_schema_is_told_to_be_migrated()
    {
        var empty = PostgresLab.OptionsOf(await lab.ServerAsync(), "postgres");
        var refusal = await Assert.ThrowsAnyAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(empty));
        Assert.Contains("roster migrate", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_side_by_side_apply_each_file_once_and_a_newer_programs_schema_is_respected()
    {
        var lab1 = await lab.ServerAsync();
        await PostgresLab.RunAsync(lab1, $"CREATE DATABASE {Database}_fresh");
        var fresh = PostgresLab.OptionsOf(lab1, $"{Database}_fresh");
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresMigrations.ApplyAsync(fresh, null, CancellationToken.None)));
        Assert.Equal(Enumerable.Range(1, PostgresMigrations.Newest), applied.SelectMany(numbers => numbers).Order());

        await using (var connection = new NpgsqlConnection(fresh.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await new NpgsqlCommand("INSERT INTO schema_version (version) VALUES (900)", connection).ExecuteNonQueryAsync();
            await using (await PostgresDatabases.OpenAsync(fresh))
            {
            }

            await new NpgsqlCommand("INSERT INTO schema_version (version, needs) VALUES (901, 900)", connection).ExecuteNonQueryAsync();
        }

        await Assert.ThrowsAnyAsync<InvalidDataException>(() => PostgresDatabases.OpenAsync(fresh));
        await lab.DropAsync(fresh);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_outage()
    {
        var gone = options with { ConnectionString = $"Host=127.0.0.1;Port={Lab.LoopbackPorts.Free()};Username=x;Password=x;Database=x" };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => PostgresDatabases.OpenAsync(gone));
    }
}
