namespace Roster.Storage.Postgres;

/// <summary>The SQL of what readers and consumers have done.</summary>
internal static class ProgressStatements
{
    public const string Position = "SELECT timeline, position FROM consumer_positions WHERE consumer = $1 AND shard = $2";

    public const string SavePosition = """
        INSERT INTO consumer_positions AS p (consumer, shard, timeline, position, fence) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (consumer, shard) DO UPDATE SET timeline = $3, position = $4, fence = $5 WHERE p.fence <= $5
        """;

    public const string Progress = """
        SELECT coalesce(e.sequence, 0), p.user_id IS NOT NULL
        FROM unnest($2::smallint[], $3::uuid[]) WITH ORDINALITY AS u (bucket, id, place)
        LEFT JOIN effects AS e ON e.bucket = u.bucket AND e.consumer = $1 AND e.user_id = u.id
        LEFT JOIN parked_users AS p ON p.bucket = u.bucket AND p.consumer = $1 AND p.user_id = u.id
        ORDER BY u.place
        """;

    /// <summary>Each user once, in one order whoever writes.</summary>
    public const string RecordEffects = """
        INSERT INTO effects AS e (bucket, consumer, user_id, sequence)
        SELECT u.bucket, $1, u.id, max(u.sequence) FROM unnest($2::smallint[], $3::uuid[], $4::bigint[]) AS u (bucket, id, sequence)
        GROUP BY u.bucket, u.id ORDER BY u.bucket, u.id
        ON CONFLICT (bucket, consumer, user_id) DO UPDATE SET sequence = EXCLUDED.sequence WHERE e.sequence < EXCLUDED.sequence
        """;

    /// <summary>Locks the rows that are there: whoever releases a user's last parked event at this moment comes before or after.</summary>
    public const string ParkUsers = """
        INSERT INTO parked_users AS p (bucket, consumer, user_id, next_attempt)
        SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::bigint[])
        ON CONFLICT (bucket, consumer, user_id) DO UPDATE SET next_attempt = p.next_attempt
        """;

    public const string Park = """
        INSERT INTO parked (bucket, consumer, user_id, sequence, type, json, reason, attempts, since)
        SELECT * FROM unnest($1::smallint[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::int[], $9::bigint[])
        ON CONFLICT DO NOTHING
        """;

    public const string ParkedOfAll = Parked + """

        WHERE (p.consumer, p.user_id, p.sequence) > ($1, $2, $3) ORDER BY p.consumer, p.user_id, p.sequence LIMIT $4
        """;

    public const string ParkedOfConsumer = Parked + """

        WHERE p.consumer = $1 AND (p.user_id, p.sequence) > ($2, $3) ORDER BY p.user_id, p.sequence LIMIT $4
        """;

    public const string ParkedOfUser = Parked + """

        WHERE p.consumer = $1 AND p.user_id = $2 AND p.sequence > $3 ORDER BY p.sequence LIMIT $4
        """;

    public const string CountParked = "SELECT count(*) FROM parked WHERE consumer = $1";

    public const string Due = """
        SELECT user_id FROM parked_users WHERE consumer = $1 AND next_attempt <= $2 ORDER BY next_attempt LIMIT $3
        """;

    public const string LockUser = """
        SELECT FROM parked_users WHERE bucket = $1 AND consumer = $2 AND user_id = $3 FOR UPDATE
        """;

    public const string Postpone = """
        WITH tried AS (
            UPDATE parked SET attempts = $5, reason = $6
            WHERE bucket = $1 AND consumer = $2 AND user_id = $3 AND sequence = $4 RETURNING 1)
        UPDATE parked_users SET next_attempt = $7
        WHERE bucket = $1 AND consumer = $2 AND user_id = $3 AND EXISTS (SELECT FROM tried)
        """;

    public const string Schedule = "UPDATE parked_users SET next_attempt = $4 WHERE bucket = $1 AND consumer = $2 AND user_id = $3";

    public const string ScheduleAll = "UPDATE parked_users SET next_attempt = $2 WHERE consumer = $1";

    public const string Remove = "DELETE FROM parked WHERE bucket = $1 AND consumer = $2 AND user_id = $3 AND sequence = $4";

    public const string RemoveUser = """
        DELETE FROM parked_users AS u
        WHERE u.bucket = $1 AND u.consumer = $2 AND u.user_id = $3
            AND NOT EXISTS (SELECT FROM parked AS p WHERE p.bucket = $1 AND p.consumer = $2 AND p.user_id = $3)
        """;

    private const string Parked = """
        SELECT p.consumer, p.user_id, p.sequence, p.type, p.json, p.reason, p.attempts, p.since,
               CASE WHEN NOT EXISTS (
                   SELECT FROM parked AS x WHERE x.bucket = p.bucket AND x.consumer = p.consumer AND x.user_id = p.user_id AND x.sequence < p.sequence)
               THEN u.next_attempt END
        FROM parked AS p JOIN parked_users AS u ON u.bucket = p.bucket AND u.consumer = p.consumer AND u.user_id = p.user_id
        """;
}
