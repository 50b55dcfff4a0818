using System.Diagnostics;
using Npgsql;
using Roster.Core.Events;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>
/// Finds out what became of a batch whose answer was lost. "Not there" would prove nothing, as the transaction may be
/// waiting still; so the same changes are sent again, and wait for its row locks. What is refused now, but stands there
/// with the ids of this batch, had committed before; and it is durable once a later commit is.
/// </summary>
internal sealed class LostCommit(PostgresDatabase database, TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const string FindEvents = """
        SELECT k.n
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS k(bucket, user_id, sequence, id, n)
        JOIN events AS e ON e.bucket = k.bucket AND e.user_id = k.user_id AND e.sequence = k.sequence AND e.id = k.id
        """;

    private const string FindIntents = """
        SELECT k.n
        FROM unnest($1, $2, $3) WITH ORDINALITY AS k(bucket, id, intent_id, n)
        JOIN users AS u ON u.bucket = k.bucket AND u.id = k.id AND u.intent_id = k.intent_id
        """;

    private const string FindRecords = """
        SELECT k.n
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS k(principal, key_hash, request_hash, user_id, at, n)
        JOIN idempotency AS i ON i.key_hash = k.key_hash AND i.principal = k.principal AND i.request_hash = k.request_hash
            AND i.user_id = k.user_id AND i.at = k.at
        """;

    /// <summary>Once it has committed, so has all that could be seen before it, and durably.</summary>
    public static readonly Statement LaterCommit = new("UPDATE life SET doubts = doubts + 1");

    private readonly CommitCall call = new(database);

    /// <summary>What became of it; what had not happened has happened now, if it could.</summary>
    /// <exception cref="OutcomeUnknownException">The database could not be asked in time.</exception>
    public async Task<CommitAnswer> FindAsync(PreparedChange[] changes, Exception loss)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < patience; await Task.Delay(Pause))
        {
            try
            {
                return await AskAsync(changes).WaitAsync(patience);
            }
            catch (Exception error) when (PostgresErrors.IsLostConnection(error) || PostgresErrors.Told(error) is StoreUnavailableException)
            {
                loss = error;
            }
        }

        throw new OutcomeUnknownException("The connection to the database broke before it said whether it committed.", loss);
    }

    private async Task<CommitAnswer> AskAsync(PreparedChange[] changes)
    {
        var answer = await call.SendAsync((await database.OpenAsync(CancellationToken.None)).Connection, changes);
        int[] refused = [.. Enumerable.Range(0, changes.Length).Where(i => answer.Outcomes[i] is not ((short)ChangeOutcome.Committed or CommitAnswer.Excluded))];
        var outcomes = answer.Outcomes.ToArray();
        await FindAsync(outcomes, [.. refused.Where(i => changes[i].Change.Events.Count > 0)], changes, FindEvents, EventValues);
        await FindAsync(outcomes, [.. refused.Where(i => changes[i].Change is { Events.Count: 0, Idempotency: not null })], changes, FindRecords, RecordValues);
        await FindAsync(outcomes, [.. refused.Where(i => changes[i].Change is { Events.Count: 0, Idempotency: null, Intent: not null })], changes, FindIntents, IntentValues);

        // With a standby to wait for, what can be seen may not be there yet; a later commit waits for all before it.
        await database.RunAsync([LaterCommit], CancellationToken.None);
        return answer with { Outcomes = outcomes };
    }

    private async Task FindAsync(
        short[] outcomes, int[] places, PreparedChange[] changes, string sql, Func<Change[], NpgsqlParameter[]> values)
    {
        if (places.Length > 0)
        {
            var statement = new Statement(sql, values([.. places.Select(i => changes[i].Change)]));
            foreach (var found in await database.RowsAsync(statement, row => (int)row.GetInt64(0) - 1, CancellationToken.None))
            {
                outcomes[places[found]] = (short)ChangeOutcome.Committed;
            }
        }
    }

    private static NpgsqlParameter[] EventValues(Change[] changes) =>
    [
        Bound.Of(Array.ConvertAll(changes, c => (short)c.User.Bucket.Value)),
        Bound.Of(Array.ConvertAll(changes, c => c.User.Value)),
        Bound.Of(Array.ConvertAll(changes, c => c.Events[0].Sequence)),
        Bound.Of(Array.ConvertAll(changes, c => c.Events[0].Id)),
    ];

    private static NpgsqlParameter[] RecordValues(Change[] changes) =>
    [
        Bound.Of(Array.ConvertAll(changes, c => (string?)c.Idempotency!.Principal)),
        Bound.Of(Array.ConvertAll(changes, c => (byte[]?)c.Idempotency!.KeyHash.ToArray())),
        Bound.Of(Array.ConvertAll(changes, c => (byte[]?)c.Idempotency!.RequestHash.ToArray())),
        Bound.Of(Array.ConvertAll(changes, c => c.Idempotency!.User.Value)),
        Bound.Of(Array.ConvertAll(changes, c => Timestamps.ToMicroseconds(c.Idempotency!.At))),
    ];

    private static NpgsqlParameter[] IntentValues(Change[] changes) =>
    [
        Bound.Of(Array.ConvertAll(changes, c => (short)c.User.Bucket.Value)),
        Bound.Of(Array.ConvertAll(changes, c => c.User.Value)),
        Bound.Of(Array.ConvertAll(changes, c => c.Intent!.Id)),
    ];
}
