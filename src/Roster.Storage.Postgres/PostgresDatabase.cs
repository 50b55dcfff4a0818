using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Postgres.Members;

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

    /// <summary>The same once more: a value belongs to one batch.</summary>
    public Statement Again() => new(Sql, Array.ConvertAll(Values, value => value.Clone()));
}

/// <summary>The ways to ask a shard: one round trip each. What a token allows to be old may come from a follower; all else asks the leader.</summary>
internal sealed class PostgresDatabase(ShardMembers members, ShardId shard, ShardLife life) : IAsyncDisposable
{
    /// <summary>
    /// Where this primary is: its timeline, and the end of what has been written. Taken first: what commits after it may be
    /// seen too, what it covers must be. Not a function of ours: calling one costs ten times what it does.
    /// </summary>
    private const string PositionSql = """
        SELECT ('x' || substr(pg_walfile_name(lsn), 1, 8))::bit(32)::bigint, (lsn - '0/0')::bigint
        FROM (SELECT pg_current_wal_insert_lsn() AS lsn OFFSET 0) AS now
        """;

    /// <summary>Where a follower is: what it has replayed can be seen.</summary>
    private const string FollowerPositionSql = $"SELECT {MemberQuestion.FollowedTimeline}, (pg_last_wal_replay_lsn() - '0/0')::bigint";

    /// <summary>Rows of one statement, from the leader.</summary>
    public async Task<List<T>> RowsAsync<T>(Statement statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        (await RowsAsync([statement], [read], cancellation))[0];

    /// <summary>The only row of a statement, or the default.</summary>
    public async Task<T?> RowAsync<T>(Statement statement, Func<NpgsqlDataReader, T?> read, CancellationToken cancellation)
    {
        var rows = await RowsAsync(statement, read, cancellation);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>Rows of several statements, in one transaction; each sees what committed before it.</summary>
    public Task<List<T>[]> RowsAsync<T>(
        IReadOnlyList<Statement> statements, IReadOnlyList<Func<NpgsqlDataReader, T>> read, CancellationToken cancellation) => OnLeaderAsync(
            async (connection, tries) =>
            {
                await using var batch = new NpgsqlBatch(connection);
                foreach (var statement in statements)
                {
                    (tries > 1 ? statement.Again() : statement).AddTo(batch);
                }

                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                var results = new List<T>[statements.Count];
                for (var i = 0; i < results.Length; i++)
                {
                    results[i] = await RowsAsync(reader, read[i], cancellation);
                    await reader.NextResultAsync(cancellation);
                }

                return results;
            },
            cancellation);

    /// <summary>Rows, and the position they include.</summary>
    /// <param name="statement">What to ask.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="after">The token that the caller holds: a follower that answers includes it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<(List<T> Rows, Position AsOf)> RowsAsOfAsync<T>(
        Statement statement, Func<NpgsqlDataReader, T> read, ConsistencyToken after, CancellationToken cancellation)
    {
        if (after.IsLatest || !members.HasFollowers)
        {
            return await OnLeaderAsync(
                async (connection, tries) => await FromLeaderAsync(connection, tries > 1 ? statement.Again() : statement, read, cancellation), cancellation);
        }

        // A token of another life of the shard, or of another database, fits no follower.
        var told = after.On(shard);
        var isTaken = 0;
        var found = await members.ReadAsync(
            told is { } position ? (life.TimelineOf(position), position.Value) : null,
            (member, leads) => FromMemberAsync(member, leads, Interlocked.Exchange(ref isTaken, 1) == 0 ? statement : statement.Again(), read, after, cancellation),
            cancellation);
        return (found.Rows, found.AsOf);
    }

    /// <summary>The position now: whatever a snapshot before this call has shown is covered.</summary>
    public async Task<Position> NowAsync(CancellationToken cancellation) =>
        await RowAsync(new Statement(PositionSql), PositionOf, cancellation);

    /// <summary>Runs statements in one transaction; the rows they changed.</summary>
    public async Task<int> RunAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        var (connection, ended) = await members.OpenAsync(cancellation);
        try
        {
            // From here it may be committing, and nobody may cancel that.
            return await RunAsync(connection, statements).WaitAsync(ended);
        }
        catch (OperationCanceledException)
        {
            throw new OutcomeUnknownException("The database stopped leading its shard before it answered.");
        }
        catch (Exception error) when (PostgresErrors.IsLostConnection(error))
        {
            throw new OutcomeUnknownException("The connection to the database broke before it answered.", error);
        }
        catch (Exception error)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>A connection to the leader.</summary>
    /// <exception cref="StoreUnavailableException">There is none; nothing was sent.</exception>
    public Task<LeaderConnection> OpenAsync(CancellationToken cancellation) => members.OpenAsync(cancellation);

    /// <summary>Adds the question for the position.</summary>
    public static void AddPosition(NpgsqlBatch batch) => batch.BatchCommands.Add(new NpgsqlBatchCommand(PositionSql));

    /// <summary>Reads the answer to it.</summary>
    /// <exception cref="IOException">It comes from a former leader: nothing that it says counts.</exception>
    public async Task<Position> PositionAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync(CancellationToken.None);
        return members.IsCurrent(reader.GetInt64(0)) ? PositionOf(reader) : throw new IOException("A former leader of the shard has answered.");
    }

    private Position PositionOf(NpgsqlDataReader row) => new(shard, life.Timeline(row.GetInt64(0)), row.GetInt64(1));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => members.DisposeAsync();

    /// <summary>
    /// What a snapshot taken after a position includes. A commit stands in the log before it can be seen, and its token is the position
    /// once it can: that may still be the very last one, so that what lies there is never claimed, whoever was told of it.
    /// </summary>
    private static Position Included(Position now) => now with { Value = now.Value - 1 };

    /// <summary>Asks the leader; again when it stops leading meanwhile.</summary>
    private async Task<T> OnLeaderAsync<T>(Func<NpgsqlConnection, int, Task<T>> ask, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var (connection, ended) = await members.OpenAsync(cancellation);
            try
            {
                var asking = AskAsync(connection, ask, tries);
                return ended.CanBeCanceled ? await asking.WaitAsync(ended) : await asking;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // Whoever leads now is asked.
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                var told = PostgresErrors.Told(error);
                if (!members.HasFollowers || tries == MaxTries || told is StoreBusyException or not StoreUnavailableException)
                {
                    throw told;
                }

                await Task.Delay(MemberWatch.Every, cancellation);
            }
        }
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, Func<NpgsqlConnection, int, Task<T>> ask, int tries)
    {
        await using (connection)
        {
            return await ask(connection, tries);
        }
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, IReadOnlyList<Statement> statements)
    {
        await using (connection)
        {
            await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
            foreach (var statement in statements)
            {
                statement.AddTo(batch);
            }

            return await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<(List<T> Rows, Position AsOf)> FromLeaderAsync<T>(
        NpgsqlConnection connection, Statement statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddPosition(batch);
        statement.AddTo(batch);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var now = await PositionAsync(reader);
        await reader.NextResultAsync(cancellation);
        return (await RowsAsync(reader, read, cancellation), Included(now));
    }

    /// <summary>Null when the member has not come far enough.</summary>
    private async Task<Found<T>?> FromMemberAsync<T>(
        ShardMember member, bool leads, Statement statement, Func<NpgsqlDataReader, T> read, ConsistencyToken after, CancellationToken cancellation)
    {
        try
        {
            await using var connection = members.Held.Taken(await (leads ? member.Leading : member.Following).OpenConnectionAsync(cancellation));
            if (leads)
            {
                var (rows, asOf) = await FromLeaderAsync(connection, statement, read, cancellation);
                return new Found<T>(rows, asOf);
            }

            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FollowerPositionSql));
            statement.AddTo(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var timeline = reader.IsDBNull(0) ? member.State.Timeline : reader.GetInt64(0);
            if (timeline == 0 || reader.IsDBNull(1))
            {
                return null;
            }

            var replayed = new Position(shard, life.Timeline(timeline), reader.GetInt64(1));
            if (after.On(shard) is { } told && (told.Timeline != replayed.Timeline || told.Value > replayed.Value))
            {
                return null;
            }

            await reader.NextResultAsync(cancellation);
            return new Found<T>(await RowsAsync(reader, read, cancellation), replayed);
        }
        catch (PostgresException conflict) when (conflict.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
        {
            throw new StoreUnavailableException("The replica had to give up the read for what it replays.", conflict);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private const int MaxTries = 5;

    private sealed record Found<T>(List<T> Rows, Position AsOf);
}
