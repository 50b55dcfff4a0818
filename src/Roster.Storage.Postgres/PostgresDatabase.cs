using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>A statement with its values.</summary>
/// <param name="Sql">Its text, always the same object, so that it is prepared once a connection.</param>
/// <param name="Values">The values of <c>$1</c>, <c>$2</c> ….</param>
internal sealed record Statement(string Sql, params NpgsqlParameter[] Values)
{
    /// <summary>Adds it to a batch.</summary>
    public NpgsqlBatchCommand AddTo(NpgsqlBatch batch)
    {
        var command = new NpgsqlBatchCommand(Sql);
        foreach (var value in Values)
        {
            command.Parameters.Add(value);
        }

        batch.BatchCommands.Add(command);
        return command;
    }
}

/// <summary>A shard's pool, and the ways to ask it: one round trip each.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource pool, ShardId shard, ShardLife life) : IAsyncDisposable
{
    /// <summary>
    /// Where this primary is: its timeline, and the end of what has been written. Taken first: what commits after it may be
    /// seen too, what it covers must be. Not a function of ours: calling one costs ten times what it does.
    /// </summary>
    private const string Position = """
        SELECT ('x' || substr(pg_walfile_name(lsn), 1, 8))::bit(32)::bigint, (lsn - '0/0')::bigint
        FROM (SELECT pg_current_wal_insert_lsn() AS lsn OFFSET 0) AS now
        """;

    /// <summary>Rows of one statement.</summary>
    public async Task<List<T>> RowsAsync<T>(Statement statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        (await RowsAsync([statement], [read], cancellation))[0];

    /// <summary>The only row of a statement, or the default.</summary>
    public async Task<T?> RowAsync<T>(Statement statement, Func<NpgsqlDataReader, T?> read, CancellationToken cancellation)
    {
        var rows = await RowsAsync(statement, read, cancellation);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>Rows of several statements, in one transaction; each sees what committed before it.</summary>
    public async Task<List<T>[]> RowsAsync<T>(
        IReadOnlyList<Statement> statements, IReadOnlyList<Func<NpgsqlDataReader, T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var statement in statements)
            {
                statement.AddTo(batch);
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var results = new List<T>[statements.Count];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = await RowsAsync(reader, read[i], cancellation);
                await reader.NextResultAsync(cancellation);
            }

            return results;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Rows, and the position they include.</summary>
    /// <param name="statement">What to ask.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="after">The token that the caller holds: its commits ended before this call.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<(List<T> Rows, Position AsOf)> RowsAsOfAsync<T>(
        Statement statement, Func<NpgsqlDataReader, T> read, ConsistencyToken after, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            AddPosition(batch);
            statement.AddTo(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var now = await PositionAsync(reader);
            await reader.NextResultAsync(cancellation);
            return (await RowsAsync(reader, read, cancellation), Included(now, after));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>The position now: whatever a snapshot before this call has shown is covered.</summary>
    public async Task<Position> NowAsync(CancellationToken cancellation) =>
        await RowAsync(new Statement(Position), PositionOf, cancellation);

    /// <summary>Runs statements in one transaction; the rows they changed.</summary>
    public async Task<int> RunAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        try
        {
            await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
            foreach (var statement in statements)
            {
                statement.AddTo(batch);
            }

            // From here it may be committing, and nobody may cancel that.
            return await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (PostgresErrors.IsLostConnection(error))
        {
            throw new OutcomeUnknownException("The connection to the database broke before it answered.", error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>A connection of the pool.</summary>
    /// <exception cref="StoreUnavailableException">There is none; nothing was sent.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await pool.OpenConnectionAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Adds the question for the position.</summary>
    public static void AddPosition(NpgsqlBatch batch) => batch.BatchCommands.Add(new NpgsqlBatchCommand(Position));

    /// <summary>Reads the answer to it.</summary>
    public async Task<Position> PositionAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync(CancellationToken.None);
        return PositionOf(reader);
    }

    private Position PositionOf(NpgsqlDataReader row) => new(shard, (life.Number << 32) | row.GetInt64(0), row.GetInt64(1));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <summary>
    /// What a snapshot taken after a position includes. A commit stands in the log before it can be seen, so that the very
    /// last position may belong to one that cannot yet: it is included only when the caller was told of it.
    /// </summary>
    private Position Included(Position now, ConsistencyToken after) =>
        after.On(shard) is { } told && told.Timeline == now.Timeline && told.Value == now.Value ? now : now with { Value = now.Value - 1 };

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
