using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>What sign-ups write for nothing when an e-mail is in use, told by where the outbox's rows lie: a row that was taken back leaves its place empty.</summary>
public sealed class SignUpCareTests(PostgresLab lab) : IAsyncLifetime
{
    private readonly Changes changes = new();
    private int users;
    private PostgresOptions options = null!;
    private PostgresStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        options = await lab.CreateAsync();
        store = await PostgresDatabases.OpenAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await lab.DropAsync(options);
    }

    [Fact]
    public async Task An_email_in_use_costs_one_batch_what_it_wrote_and_the_next_look_first()
    {
        await SignUpAsync(ChangeOutcome.Committed, "ada");
        Assert.Equal((0, 1), await LastAsync());

        // Two rows taken back, and the one of whoever is new.
        await SignUpAsync(ChangeOutcome.EmailTaken, "ada", "bob");
        Assert.Equal((0, 4), await LastAsync());
        await SignUpAsync(ChangeOutcome.EmailTaken, "bob", "eve");
        Assert.Equal((0, 5), await LastAsync());
    }

    [Fact]
    public async Task Batches_stop_looking_when_nothing_was_in_the_way_of_many()
    {
        await SignUpAsync(ChangeOutcome.Committed, "ada");
        await SignUpAsync(ChangeOutcome.EmailTaken, "ada", "bob");
        for (var i = 0; i < 100; i++)
        {
            await SignUpAsync(ChangeOutcome.Committed, $"user{i}");
        }

        var (page, place) = await LastAsync();
        await SignUpAsync(ChangeOutcome.EmailTaken, "ada", "eve");
        Assert.Equal((page, place + 3), await LastAsync());
    }

    /// <summary>One batch; the first of it ends so, the others commit.</summary>
    private async Task SignUpAsync(ChangeOutcome first, params string[] names)
    {
        Change[] batch = [.. names.Select(name => changes.Register($"{name}{users++}", $"{name}@example.org"))];
        var outcomes = (await store.CommitAsync(batch, Cancel)).Select(result => result.Outcome).ToList();
        Assert.Equal(first, outcomes[0]);
        Assert.All(outcomes.Skip(1), outcome => Assert.Equal(ChangeOutcome.Committed, outcome));
    }

    /// <summary>Where the newest row of the outbox lies.</summary>
    private async Task<(long Page, long Place)> LastAsync()
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var ask = new NpgsqlCommand(
            "SELECT (ctid::text::point)[0]::bigint, (ctid::text::point)[1]::bigint FROM outbox ORDER BY position DESC LIMIT 1", connection);
        await using var row = await ask.ExecuteReaderAsync(Cancel);
        await row.ReadAsync(Cancel);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
