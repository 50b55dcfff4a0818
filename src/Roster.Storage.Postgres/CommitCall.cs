using Npgsql;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>One transaction for one batch, sent as often as others are in its way.</summary>
internal sealed class CommitCall(PostgresDatabase database)
{
    /// <summary>Whoever was met has committed since, so each try finds more of them done.</summary>
    private const int Tries = 50;

    /// <summary>After a sign-up met something in its way so many batches look first: what one has written for nothing is little beside them.</summary>
    private const int CarefulFor = 100;

    /// <summary>Batches that are still to look. No lock: batches beside each other may count as one, and no answer depends on it.</summary>
    private int careful;

    /// <summary>Outcomes as <c>roster_commit</c> numbers them, in the order of the changes. Takes the connection with it, to whatever end.</summary>
    public async Task<CommitAnswer> SendAsync(NpgsqlConnection connection, PreparedChange[] changes)
    {
        await using (connection)
        {
            var signUps = SignUpColumns.Of(changes, looksFirst: careful > 0);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    if (signUps is null)
                    {
                        return await DecideAsync(connection, changes);
                    }

                    if (await SignUpAsync(connection, signUps) is { } position)
                    {
                        careful = Math.Max(0, careful - 1);
                        return new CommitAnswer(new short[changes.Length], position);
                    }
                }
                catch (PostgresException error) when (PostgresErrors.IsCollision(error) && tries < Tries)
                {
                    // Decided again, as a whole, now that what was in the way is there to be seen.
                }

                if (signUps is not null)
                {
                    careful = CarefulFor;
                    signUps = null;
                }
            }
        }
    }

    /// <summary>The position after the sign-ups; null when something stands in the way of one and nothing was written.</summary>
    private async Task<ConsistencyToken?> SignUpAsync(NpgsqlConnection connection, Statement signUps)
    {
        var (done, position) = await SendAsync(connection, signUps, row => row.GetBoolean(0));
        return done ? position : null;
    }

    private async Task<CommitAnswer> DecideAsync(NpgsqlConnection connection, PreparedChange[] changes)
    {
        var columns = new CommitColumns(changes);
        var (placed, position) = await SendAsync(connection, columns.Statement(), row => row.GetFieldValue<short[]>(0));
        var outcomes = new short[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            outcomes[columns.Places[i]] = placed[i];
        }

        return new CommitAnswer(outcomes, position);
    }

    /// <summary>One transaction of one statement, and a question for the position after it, in one round trip.</summary>
    private async Task<(T Answer, ConsistencyToken AsOf)> SendAsync<T>(NpgsqlConnection connection, Statement statement, Func<NpgsqlDataReader, T> read)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        statement.AddTo(batch).AppendErrorBarrier = true;
        PostgresDatabase.AddPosition(batch);
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var answer = read(reader);
        await reader.NextResultAsync(CancellationToken.None);
        return (answer, ConsistencyToken.Of(await database.PositionAsync(reader)));
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Outcomes">One for each change: a <see cref="ChangeOutcome"/>, or <see cref="Excluded"/>.</param>
/// <param name="AsOf">Covers all that committed.</param>
internal sealed record CommitAnswer(short[] Outcomes, ConsistencyToken AsOf)
{
    /// <summary>Nothing was written: another change of the batch has its key or e-mail, if it got them. Ask again.</summary>
    public const short Excluded = 4;
}
