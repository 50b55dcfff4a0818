using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>What a batch costs the server, counted by the server.</summary>
public sealed class StatementCountTests(PostgresLab lab) : IAsyncLifetime
{
    private readonly Changes changes = new();
    private int names;
    private PostgresOptions options = null!;
    private PostgresStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        options = await lab.CreateAsync();
        store = await PostgresDatabases.OpenAsync(options);
        await AskAsync("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await lab.DropAsync(options);
    }

    [Fact]
    public async Task A_batch_of_any_size_is_one_call_with_the_same_statements()
    {
        var one = await CountAsync(() => RegisterAsync(1));
        var many = await CountAsync(() => RegisterAsync(300));
        Assert.Equal(one, many);
        Assert.Equal(2, many.Sent);
        TestContext.Current.SendDiagnosticMessage($"A batch of sign-ups: {many.Sent} statements sent, {many.Inside} inside.");
    }

    [Fact]
    public async Task A_read_by_id_is_one_round_trip_of_two_statements_however_many_ids()
    {
        var users = await RegisterAsync(300);
        var read = await CountAsync(async () => await store.UsersAsync([.. users.Select(u => u.User)], ConsistencyToken.None, Cancel));
        Assert.Equal(2, read.Sent);
    }

    private async Task<Change[]> RegisterAsync(int count)
    {
        Change[] batch = [.. Enumerable.Range(0, count).Select(_ =>
        {
            var name = $"u{names++}";
            return changes.Register(name, $"{name}@example.org").WithKey(name);
        })];
        Assert.All(await store.CommitAsync(batch, Cancel), r => Assert.Equal(ChangeOutcome.Committed, r.Outcome));
        return batch;
    }

    private async Task<(long Sent, long Inside)> CountAsync(Func<Task> action)
    {
        await action();
        await AskAsync("SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)");
        await action();
        const string Of = """
            SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%pg_stat_statements%'
            """;
        return ((long)(await AskAsync($"{Of} AND toplevel"))!, (long)(await AskAsync($"{Of} AND NOT toplevel"))!);
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
