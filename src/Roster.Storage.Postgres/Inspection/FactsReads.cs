using System.Diagnostics;
using Npgsql;

namespace Roster.Storage.Postgres.Inspection;

/// <summary>Asks a server about itself.</summary>
internal static class FactsReads
{
    private const int Probes = 3;

    private const string Facts = """
        SELECT current_setting('server_version'), current_setting('server_version_num')::int, pg_is_in_recovery(), pg_backend_pid(),
               current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('server_encoding'),
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text
                    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int || '/' || pg_current_wal_lsn() END,
               (SELECT sum(numbackends)::int FROM pg_stat_database),
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
               (SELECT count(*)::int FROM pg_stat_replication),
               coalesce((SELECT max(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))::bigint
                         FROM pg_replication_slots), 0),
               (SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float8 FROM pg_stat_activity WHERE backend_xid IS NOT NULL)
        """;

    public static async Task<ServerFacts> AskAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        var (latency, ahead) = await ProbeAsync(connection, time, cancellation);
        await using var command = new NpgsqlCommand(Facts, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ServerFacts
        {
            Latency = latency,
            ClockAhead = ahead,
            Version = row.GetString(0).Split(' ')[0],
            VersionNumber = row.GetInt32(1),
            IsStandby = row.GetBoolean(2),

            // A pooler makes up the process that clients are told of when they connect.
            IsBehindPooler = row.GetInt32(3) != connection.ProcessID,
            Fsync = row.GetString(4),
            SynchronousCommit = row.GetString(5),
            FullPageWrites = row.GetString(6),
            Encoding = row.GetString(7),
            LogPosition = row.IsDBNull(8) ? "none" : row.GetString(8),
            Connections = row.GetInt32(9),
            MaxConnections = row.GetInt32(10),
            Standbys = row.GetInt32(11),
            HeldLogBytes = row.GetInt64(12),
            OldestWriter = row.IsDBNull(13) ? null : TimeSpan.FromSeconds(row.GetDouble(13)),
        };
    }

    private static async Task<(TimeSpan Latency, TimeSpan ClockAhead)> ProbeAsync(
        NpgsqlConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        (TimeSpan Latency, TimeSpan Ahead) best = (TimeSpan.MaxValue, default);
        for (var i = 0; i < Probes; i++)
        {
            var (start, now) = (Stopwatch.GetTimestamp(), time.GetUtcNow());
            var there = (DateTime)(await clock.ExecuteScalarAsync(cancellation))!;
            var latency = Stopwatch.GetElapsedTime(start);
            if (latency < best.Latency)
            {
                best = (latency, new DateTimeOffset(there, TimeSpan.Zero) - (now + (latency / 2)));
            }
        }

        return best;
    }
}
