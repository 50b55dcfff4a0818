using System.Diagnostics;
using Npgsql;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>
/// Questions about the outbox. A position is the writing transaction's id, then a number within it. Ids are given when
/// transactions begin to write, so a lower one may commit later; below the oldest that still runs (<c>pg_snapshot_xmin</c>,
/// of the very snapshot that the rows are read in) nothing can appear any more. A change that builds on another was made
/// after that one had committed, so a user's events come in their order.
/// </summary>
/// <param name="database">The shard.</param>
/// <param name="patience">How long a reader waits for transactions that still run, so that it sees all that had committed when it asked.</param>
internal sealed class OutboxReads(PostgresDatabase database, TimeSpan patience)
{
    private const string Horizon = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20)";

    /// <summary>Entries whose sequence is above <c>$3</c>; in the last row, without an event, where the whole page ends and how many it has.</summary>
    private const string Page = $"""
        WITH page AS MATERIALIZED (
            SELECT position, tenant, bucket, user_id, sequence FROM outbox
            WHERE position > $1 AND position < {Horizon} ORDER BY position LIMIT $2)
        (SELECT {EventRow.Columns}, o.position, o.tenant, NULL::bigint
         FROM page AS o
         JOIN events AS e ON e.bucket = o.bucket AND e.user_id = o.user_id AND e.sequence = o.sequence
         WHERE o.sequence > $3
         ORDER BY o.position)
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, coalesce(max(position), $1), NULL, count(*) FROM page
        """;

    private const string Ends = $"""
        SELECT coalesce((SELECT position FROM outbox WHERE position < {Horizon} ORDER BY position DESC LIMIT 1), 0),
               coalesce((SELECT position FROM outbox ORDER BY position DESC LIMIT 1), 0),
               outbox_floor
        FROM life
        """;

    private const string Floor = "SELECT outbox_floor FROM life";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>The cursor after the newest entry.</summary>
    public async Task<OutboxCursor> HeadAsync(CancellationToken cancellation)
    {
        var (timeline, ends, _) = await EndsAsync(cancellation);
        return new OutboxCursor(timeline, Math.Max(ends.Safe, ends.Floor));
    }

    /// <summary>Entries after a cursor: those above a sequence of their users; the others are passed over.</summary>
    public async Task<OutboxPage> PageAsync(OutboxCursor after, int limit, long aboveSequence, CancellationToken cancellation)
    {
        var (timeline, ends, asOf) = await EndsAsync(cancellation);

        // A position beyond the newest was never given out in this life: the database is older than the cursor.
        var isOurs = after.Timeline == timeline && after.Position <= Math.Max(ends.Newest, ends.Floor);
        var from = isOurs ? after.Position : 0;

        // The floor moves in the transaction that drops entries: read after the page, it cannot be missed.
        var found = await database.RowsAsync(
            [new Statement(Page, Bound.Of(from), Bound.Of(Math.Max(limit, 0)), Bound.Of(aboveSequence)), new Statement(Floor)],
            [row => ReadPage(row, timeline), row => new PageRow(null, row.GetInt64(0))],
            cancellation);
        var end = found[0][^1];
        return new OutboxPage([.. found[0].SkipLast(1).Select(row => row.Entry!)], new OutboxCursor(timeline, end.Position), Expired: from < found[1][0].Position)
        {
            Covered = end.Covered,
            AsOf = end.Covered < limit ? asOf : null,
        };
    }

    private static PageRow ReadPage(NpgsqlDataReader row, long timeline)
    {
        var position = row.GetInt64(10);
        return row.IsDBNull(12)
            ? new(new OutboxEntry(new OutboxCursor(timeline, position), UserRow.Tenant(row, 11), EventRow.Read(row)), position)
            : new(null, position, (int)row.GetInt64(12));
    }

    /// <summary>The outbox's ends, once what had been committed by now can be read; or as they are when that takes too long: then
    /// there is no position up to which all can be read.</summary>
    private async Task<(long Timeline, OutboxEnds Ends, Position? AsOf)> EndsAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        Position? first = null;
        for (long? newest = null; ; await Task.Delay(Pause, cancellation))
        {
            var (rows, asOf) = await database.RowsAsOfAsync(
                new Statement(Ends),
                row => new OutboxEnds(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
                ConsistencyToken.Latest,
                cancellation);
            newest ??= rows[0].Newest;
            first ??= asOf;
            if (rows[0].Safe >= newest)
            {
                return (asOf.Timeline, rows[0], first.Value.Timeline == asOf.Timeline ? first : null);
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                return (asOf.Timeline, rows[0], null);
            }
        }
    }

    /// <summary>An entry, or a position: the page's end with how many it covers, or the floor.</summary>
    private readonly record struct PageRow(OutboxEntry? Entry, long Position, int Covered = 0);

    /// <summary>Where the outbox ends.</summary>
    /// <param name="Safe">The newest entry that nothing can appear before any more.</param>
    /// <param name="Newest">The newest entry.</param>
    /// <param name="Floor">The newest entry ever removed.</param>
    private readonly record struct OutboxEnds(long Safe, long Newest, long Floor);
}
