using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>Questions about streams of events.</summary>
internal sealed class EventReads(PostgresDatabase database, StateEncoders encoders)
{
    private const string After = $"""
        SELECT {EventRow.Columns} FROM events AS e
        WHERE e.bucket = $1 AND e.user_id = $2 AND e.sequence > $3 ORDER BY e.sequence LIMIT $4
        """;

    // Posts move only a stream's sequence and clock: an author of thousands still has a short profile.
    private const string Profile = $"""
        SELECT {EventRow.Columns}, u.tenant
        FROM users AS u JOIN events AS e ON e.bucket = u.bucket AND e.user_id = u.id
        WHERE u.bucket = $1 AND u.id = $2 AND e.post_id IS NULL AND e.version <= $3 AND e.at <= $4 ORDER BY e.sequence
        """;

    /// <summary>Events after a sequence, oldest first.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> AfterAsync(
        UserId user, long sequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        (await database.RowsAsOfAsync(
            new Statement(After, Bound.Of(user.Bucket), Bound.Of(user.Value), Bound.Of(sequence), Bound.Of(Math.Max(limit, 0))),
            EventRow.Read,
            after,
            cancellation)).Rows;

    /// <summary>The fold of the events up to a version or time.</summary>
    public async Task<Read<User>?> PastAsync(UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation)
    {
        var statement = new Statement(
            Profile,
            Bound.Of(user.Bucket),
            Bound.Of(user.Value),
            Bound.Of(when.Version ?? long.MaxValue),
            Bound.Of(when.At is { } time ? Timestamps.ToMicroseconds(time) : long.MaxValue));
        var (rows, asOf) = await database.RowsAsOfAsync(
            statement, row => (Event: EventRow.Read(row), Tenant: UserRow.Tenant(row, 10)), after, cancellation);
        var state = rows.Aggregate((User?)null, (state, row) => UserFold.Apply(state, row.Event, row.Tenant));
        return state is null || (when.Version is { } version && state.Version != version) ? null : new Read<User>(state, asOf, encoders.User);
    }
}
