using System.Collections;
using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage.Inspection;

namespace Roster.Storage.Postgres.Inspection;

/// <summary>Asks a database what it holds.</summary>
internal static class ContentsReads
{
    // Counting stops beyond what is counted exactly; there the planner's statistics say how many.
    private const string Amounts = """
        SELECT (SELECT count(*) FROM (SELECT FROM claims LIMIT $1 + 1) AS few),
               (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'claims'::regclass),
               (SELECT count(*) FROM (SELECT FROM events LIMIT $1 + 1) AS few),
               (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'events'::regclass),
               (SELECT count(*) FROM (SELECT FROM outbox LIMIT $1 + 1) AS few),
               (SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class
                WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'outbox'::regclass)),
               (SELECT at FROM outbox ORDER BY position LIMIT 1),
               (SELECT at FROM outbox ORDER BY position DESC LIMIT 1),
               (SELECT count(*) FROM users WHERE intent_id IS NOT NULL) + (SELECT count(*) FROM claims WHERE intent_id IS NOT NULL),
               (SELECT shard FROM life), (SELECT epoch FROM owned_buckets), (SELECT buckets FROM owned_buckets)
        """;

    private const string Secrets = "SELECT name FROM secrets";

    public static async Task<ShardContents> AskAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var map = await RowsAsync(connection, ControlStatements.Map, PostgresControlStore.ReadMap, cancellation);
        var secrets = await RowsAsync(connection, Secrets, row => row.GetString(0), cancellation);
        var keys = await RowsAsync(connection, ControlStatements.Keys, PostgresControlStore.ReadKey, cancellation);
        await using var command = new NpgsqlCommand(Amounts, connection) { Parameters = { Bound.Of((long)Amount.CountedExactly) } };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new ShardContents
        {
            Users = Of(row.GetInt64(0), row.GetInt64(1)),
            Events = Of(row.GetInt64(2), row.GetInt64(3)).Count,
            OutboxEntries = Of(row.GetInt64(4), row.GetInt64(5)),
            OldestOutboxEntry = Time(row, 6),
            NewestOutboxEntry = Time(row, 7),
            Unsettled = row.GetInt64(8),
            Shard = row.IsDBNull(9) ? null : row.GetInt32(9),
            Owned = (row.GetInt64(10), Set(row.GetFieldValue<BitArray>(11))),
            Map = map is [var stored] ? stored : null,
            Secrets = secrets,
            Keys = keys,
        };
    }

    private static Amount Of(long counted, long estimated) => counted <= Amount.CountedExactly
        ? new Amount(counted, true)
        : new Amount(Math.Max(counted, estimated), false);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Timestamps.FromMicroseconds(row.GetInt64(column));

    private static HashSet<BucketId> Set(BitArray bits) =>
        [.. Enumerable.Range(0, bits.Length).Where(i => bits[i]).Select(i => new BucketId(i))];

    private static async Task<List<T>> RowsAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(read(row));
        }

        return rows;
    }
}
