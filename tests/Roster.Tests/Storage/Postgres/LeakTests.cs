using System.Diagnostics.Metrics;
using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Roster.Storage.Postgres.Members;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

public sealed class LeakTests(PostgresLab lab) : IAsyncLifetime
{
    private const int Shard = 7;
    private PostgresOptions options = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        options = await lab.CreateAsync(Shard) with { LongestHold = TimeSpan.FromMilliseconds(100) };

    public async ValueTask DisposeAsync() => await lab.DropAsync(options);

    [Fact]
    public async Task A_connection_that_nobody_gives_back_is_counted_and_told_of()
    {
        await using var members = new ShardMembers(options, new ShardLife(options), TimeProvider.System);
        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        await using (await OpenAsync(members))
        {
            Assert.Empty(members.Troubles);
        }

        var leaked = await OpenAsync(members);
        await Task.Delay(200, Cancel);
        Assert.Equal(1, Measured("roster.pool.suspicious"));
        Assert.Equal(1, Measured("roster.pool.held"));
        Assert.Contains("1 of its connections has been in use for more than", Assert.Single(members.Troubles), StringComparison.Ordinal);

        await leaked.DisposeAsync();
        Assert.Empty(members.Troubles);
        Assert.Equal(0, Measured("roster.pool.held"));
    }

    [Fact]
    public async Task A_call_that_hangs_makes_its_shard_degraded()
    {
        await PostgresMigrations.ApplyAsync(options, null, Cancel);
        await using var store = PostgresStore.Of(options, SuiteEncoders.All);
        await store.OwnAsync(1, _ => true, Cancel);
        Assert.Empty(await store.CheckAsync(Cancel));
        await using var other = new NpgsqlConnection(options.ConnectionString);
        await other.OpenAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await using (var locking = new NpgsqlCommand("LOCK TABLE users IN ACCESS EXCLUSIVE MODE", other, transaction))
        {
            await locking.ExecuteNonQueryAsync(Cancel);
        }

        var reading = store.UsersAsync([new UserId(Guid.Parse("01900000-0000-7000-8000-000000000001"))], ConsistencyToken.None, Cancel).AsTask();
        await Task.Delay(200, Cancel);
        var trouble = Assert.Single(await store.CheckAsync(Cancel));
        Assert.True(trouble.IsPartial);
        Assert.Contains("a call hangs", trouble.Problem, StringComparison.Ordinal);
        await transaction.RollbackAsync(Cancel);
        await reading;
        Assert.Empty(await store.CheckAsync(Cancel));
    }

    private static async Task<NpgsqlConnection> OpenAsync(ShardMembers members) => (await members.OpenAsync(Cancel)).Connection;

    private static int Measured(string name)
    {
        var measured = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == name)
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                measured += tag is { Key: "shard", Value: Shard } ? value : 0;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
