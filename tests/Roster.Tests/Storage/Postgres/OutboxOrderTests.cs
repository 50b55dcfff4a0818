using Npgsql;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A transaction that began first and commits last: the reader who only remembers the last position loses its event.</summary>
public sealed class OutboxOrderTests(PostgresLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_commit_is_lost_to_a_naive_reader_and_not_to_ours()
    {
        var changes = new Changes();
        var options = (await lab.CreateAsync()) with { OutboxPatience = TimeSpan.FromMilliseconds(50) };
        await using (var store = await PostgresDatabases.OpenAsync(options))
        await using (var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            var late = changes.Register("Late", "late@example.org");
            var early = changes.Register("Early", "early@example.org");

            var open = await connection.BeginTransactionAsync(Cancel);
            await CallAsync(connection, late);
            await store.CommitAsync([early], Cancel);

            var naive = await NaiveAsync(options, 0);
            var ours = await store.OutboxAsync(store.Shards[0], default, 10, Cancel);
            Assert.Equal([early.User.Value], naive.Select(row => row.User));
            Assert.Empty(ours.Entries);

            await open.CommitAsync(Cancel);

            Assert.Empty(await NaiveAsync(options, naive[^1].Position));
            await using var patient = await PostgresDatabases.OpenAsync(options with { OutboxPatience = TimeSpan.FromSeconds(30) });
            var next = await patient.OutboxAsync(store.Shards[0], ours.Next, 10, Cancel);
            Assert.Equal([late.User, early.User], next.Entries.Select(e => e.Event.User));
            Assert.Equal(next.Next, await patient.OutboxHeadAsync(store.Shards[0], Cancel));
        }

        await lab.DropAsync(options);
    }

    /// <summary>What the store sends, in a transaction that stays open.</summary>
    private static async Task CallAsync(NpgsqlConnection connection, Change change)
    {
        await using var batch = new NpgsqlBatch(connection);
        new CommitColumns(PreparedChange.All([change])).Statement().AddTo(batch);
        Assert.Equal(new short[] { 0 }, await batch.ExecuteScalarAsync(Cancel));
    }

    private static async Task<List<(Guid User, long Position)>> NaiveAsync(PostgresOptions options, long after)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT user_id, position FROM outbox WHERE position > $1 ORDER BY position", connection);
        command.Parameters.Add(Bound.Of(after));
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        List<(Guid, long)> rows = [];
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        return rows;
    }
}
