using Npgsql;

namespace Roster.Storage.Postgres.Members;

/// <summary>
/// What a member is asked, over a connection of its own: its role, its timeline and its position. A leader's timeline comes from the name of
/// the file it writes, not from its last checkpoint, which is older after a promotion. A follower's is the one it receives: what
/// it has replayed is a beginning of that one's history. Without a stream it cannot be asked: the control file's is too old after a fork.
/// </summary>
internal sealed class MemberQuestion(PostgresOptions options, TimeSpan patience, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The timeline that a follower receives; null while it receives none.</summary>
    public const string FollowedTimeline = "(SELECT received_tli::bigint FROM pg_stat_wal_receiver)";

    private const string Sql = $"""
        SELECT s.follows,
               CASE WHEN s.follows THEN {FollowedTimeline}
                    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint END,
               (CASE WHEN s.follows THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0')::bigint,
               s.follows AND EXISTS (SELECT FROM pg_stat_wal_receiver) AND NOT pg_has_role('pg_read_all_stats', 'USAGE')
        FROM (SELECT pg_is_in_recovery() AS follows OFFSET 0) AS s
        """;

    private const string NoRight =
        "Roster's role may not see which timeline it follows, so it is not read from: GRANT pg_read_all_stats to the role.";

    private NpgsqlConnection? connection;
    private CancellationTokenSource end = new();

    /// <summary>Asks; a member that does not answer in time is away.</summary>
    public async Task<MemberState> AskAsync(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var answering = AskOnceAsync(asked, end.Token);
        try
        {
            // A server that stands still answers no cancellation either: the question is left alone with its connection.
            return await answering.WaitAsync(patience, cancellation);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException or IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            Abandon(answering);
            cancellation.ThrowIfCancellationRequested();
            return new MemberState(
                MemberRole.Away, 0, 0, asked, error is TimeoutException ? "It does not answer." : PostgresErrors.Told(error).Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        Abandon(Task.CompletedTask);
        return default;
    }

    private async Task<MemberState> AskOnceAsync(long asked, CancellationToken cancellation)
    {
        if (connection is null)
        {
            var fresh = PostgresConnections.Single(options);
            connection = fresh;
            await fresh.OpenAsync(cancellation);
        }

        await using var command = new NpgsqlCommand(Sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return row.GetBoolean(3)
            ? new MemberState(MemberRole.Away, 0, 0, asked, NoRight)
            : new MemberState(
                row.GetBoolean(0) ? MemberRole.Follows : MemberRole.Leads, row.IsDBNull(1) ? 0 : row.GetInt64(1), row.IsDBNull(2) ? 0 : row.GetInt64(2), asked, null);
    }

    /// <summary>
    /// Ends a question and then closes its connection, one after the other: Npgsql's answer to a cancellation throws when the connection
    /// is closed meanwhile, and thrown from a timer that would end the process. Both may wait for the server, so nobody waits for them.
    /// </summary>
    private void Abandon(Task answering)
    {
        if (Interlocked.Exchange(ref connection, null) is not { } left)
        {
            return;
        }

        var ending = Interlocked.Exchange(ref end, new CancellationTokenSource());
        _ = Task.Run(async () =>
        {
            using (ending)
            {
                await ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await left.DisposeAsync();
            }
        });
    }
}
