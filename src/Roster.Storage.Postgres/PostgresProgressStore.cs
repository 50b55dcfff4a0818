using Npgsql;
using Roster.Core.Events;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>What readers and consumers have done, in a shard's own database (<see cref="PostgresStore.Progress"/>).</summary>
public sealed class PostgresProgressStore : IProgressStore
{
    private readonly PostgresDatabase database;

    internal PostgresProgressStore(PostgresDatabase database) => this.database = database;

    /// <inheritdoc/>
    public async ValueTask<OutboxCursor?> PositionAsync(string reader, ShardId shard, CancellationToken cancellation) =>
        await database.RowAsync<OutboxCursor?>(
            new Statement(ProgressStatements.Position, Bound.Of(reader), Bound.Of(shard.Value)),
            row => new OutboxCursor(row.GetInt64(0), row.GetInt64(1)),
            cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> SavePositionAsync(
        string reader, ShardId shard, OutboxCursor cursor, long fence, CancellationToken cancellation) => await RunAsync(
        cancellation,
        new Statement(
            ProgressStatements.SavePosition,
            Bound.Of(reader),
            Bound.Of(shard.Value),
            Bound.Of(cursor.Timeline),
            Bound.Of(cursor.Position),
            Bound.Of(fence))) > 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UserProgress>> ProgressAsync(
        string consumer, IReadOnlyList<UserId> users, CancellationToken cancellation) => await database.RowsAsync(
        new Statement(ProgressStatements.Progress, Bound.Of(consumer), Bound.Of(Buckets(users)), Bound.Of(Ids(users))),
        row => new UserProgress(row.GetInt64(0), row.GetBoolean(1)),
        cancellation);

    /// <inheritdoc/>
    public async ValueTask RecordEffectsAsync(string consumer, IReadOnlyList<Effect> effects, CancellationToken cancellation) =>
        await RunAsync(cancellation, Recording(consumer, effects));

    /// <inheritdoc/>
    public async ValueTask ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation)
    {
        // One order, so that two who park never wait for each other in a ring; of a user's events the first says when.
        ParkedEvent[] rows = [.. events
            .OrderBy(parked => parked.Event.User.Bucket.Value)
            .ThenBy(parked => parked.Consumer, StringComparer.Ordinal)
            .ThenBy(parked => parked.Event.User)
            .ThenBy(parked => parked.Event.Sequence)];
        ParkedEvent[] firsts = [.. rows.DistinctBy(parked => (parked.Consumer, parked.Event.User))];
        await RunAsync(
            cancellation,
            new Statement(
                ProgressStatements.ParkUsers,
                Bound.Of(Buckets(firsts)),
                Bound.Of(Array.ConvertAll(firsts, string? (parked) => parked.Consumer)),
                Bound.Of(Array.ConvertAll(firsts, parked => parked.Event.User.Value)),
                Bound.Of(Array.ConvertAll(firsts, parked => Micros(parked.NextAttempt)))),
            new Statement(
                ProgressStatements.Park,
                Bound.Of(Buckets(rows)),
                Bound.Of(Array.ConvertAll(rows, string? (parked) => parked.Consumer)),
                Bound.Of(Array.ConvertAll(rows, parked => parked.Event.User.Value)),
                Bound.Of(Array.ConvertAll(rows, parked => parked.Event.Sequence)),
                Bound.Of(Array.ConvertAll(rows, string? (parked) => parked.Event.Type)),
                Bound.Of(Array.ConvertAll(rows, byte[]? (parked) => parked.Event.Json.ToArray())),
                Bound.Of(Array.ConvertAll(rows, string? (parked) => parked.Reason)),
                Bound.Of(Array.ConvertAll(rows, parked => parked.Attempts)),
                Bound.Of(Array.ConvertAll(rows, parked => Timestamps.ToMicroseconds(parked.Since)))));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ParkedEvent>> ParkedAsync(ParkedQuery query, CancellationToken cancellation)
    {
        var after = query.After ?? new ParkedKey(string.Empty, default, 0);
        var sequence = Bound.Of(after.Sequence);
        var limit = Bound.Of(query.Limit);
        var statement = query switch
        {
            { User: { } user } => new Statement(ProgressStatements.ParkedOfUser, Bound.Of(query.Consumer!), Bound.Of(user.Value), sequence, limit),
            { Consumer: { } consumer } => new Statement(ProgressStatements.ParkedOfConsumer, Bound.Of(consumer), Bound.Of(after.User.Value), sequence, limit),
            _ => new Statement(ProgressStatements.ParkedOfAll, Bound.Of(after.Consumer), Bound.Of(after.User.Value), sequence, limit),
        };
        return await database.RowsAsync(statement, ReadParked, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountParkedAsync(string consumer, CancellationToken cancellation) => await database.RowAsync(
        new Statement(ProgressStatements.CountParked, Bound.Of(consumer)), row => row.GetInt64(0), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UserId>> DueAsync(
        string consumer, DateTimeOffset now, int limit, CancellationToken cancellation) => await database.RowsAsync(
        new Statement(ProgressStatements.Due, Bound.Of(consumer), Bound.Of(Timestamps.ToMicroseconds(now)), Bound.Of(limit)),
        row => new UserId(row.GetGuid(0)),
        cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeAsync(ParkedEvent tried, CancellationToken cancellation) => await RunAsync(
        cancellation,
        new Statement(ProgressStatements.LockUser, UserKey(tried)),
        new Statement(ProgressStatements.Postpone, [.. Key(tried), Bound.Of(tried.Attempts), Bound.Of(tried.Reason), Bound.Of(Micros(tried.NextAttempt))])) > 0;

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(ParkedEvent done, DateTimeOffset now, CancellationToken cancellation) => await RunAsync(
        cancellation,
        new Statement(ProgressStatements.LockUser, UserKey(done)),
        new Statement(ProgressStatements.Remove, Key(done)),
        Recording(done.Consumer, [new Effect(done.Event.User, done.Event.Sequence)]),
        new Statement(ProgressStatements.Schedule, [.. UserKey(done), Bound.Of(Micros(now))]),
        new Statement(ProgressStatements.RemoveUser, UserKey(done)));

    /// <inheritdoc/>
    public async ValueTask<int> RetryParkedAsync(
        string consumer, UserId? user, DateTimeOffset now, CancellationToken cancellation) => await RunAsync(
        cancellation,
        user is { } one
            ? new Statement(ProgressStatements.Schedule, Bound.Of(one.Bucket), Bound.Of(consumer), Bound.Of(one.Value), Bound.Of(Micros(now)))
            : new Statement(ProgressStatements.ScheduleAll, Bound.Of(consumer), Bound.Of(Micros(now))));

    private static Statement Recording(string consumer, IReadOnlyList<Effect> effects)
    {
        UserId[] users = [.. effects.Select(effect => effect.User)];
        return new Statement(
            ProgressStatements.RecordEffects,
            Bound.Of(consumer),
            Bound.Of(Buckets(users)),
            Bound.Of(Ids(users)),
            Bound.Of(effects.Select(effect => effect.Sequence).ToArray()));
    }

    private static NpgsqlParameter[] UserKey(ParkedEvent parked) =>
        [Bound.Of(parked.Event.User.Bucket), Bound.Of(parked.Consumer), Bound.Of(parked.Event.User.Value)];

    private static NpgsqlParameter[] Key(ParkedEvent parked) => [.. UserKey(parked), Bound.Of(parked.Event.Sequence)];

    private static short[] Buckets(IEnumerable<UserId> users) => [.. users.Select(user => (short)user.Bucket.Value)];

    private static short[] Buckets(ParkedEvent[] rows) => Buckets(rows.Select(parked => parked.Event.User));

    private static Guid[] Ids(IEnumerable<UserId> users) => [.. users.Select(user => user.Value)];

    private static long? Micros(DateTimeOffset? time) => time is { } at ? Timestamps.ToMicroseconds(at) : null;

    private static ParkedEvent ReadParked(NpgsqlDataReader row) => new()
    {
        Consumer = row.GetString(0),
        Event = new EventMessage(new UserId(row.GetGuid(1)), row.GetInt64(2), row.GetString(3), row.GetFieldValue<byte[]>(4)),
        Reason = row.GetString(5),
        Attempts = row.GetInt32(6),
        Since = Timestamps.FromMicroseconds(row.GetInt64(7)),
        NextAttempt = row.IsDBNull(8) ? null : Timestamps.FromMicroseconds(row.GetInt64(8)),
    };

    private Task<int> RunAsync(CancellationToken cancellation, params IReadOnlyList<Statement> statements) =>
        database.RunAsync(statements, cancellation);
}
