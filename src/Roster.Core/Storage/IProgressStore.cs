using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>
/// How far readers of the outbox have come, what consumers have done, and what they could not do. Kept in the control shard.
/// Whatever is written here must be durable when its task ends.
/// </summary>
public interface IProgressStore
{
    /// <summary>How far a reader has read a shard's outbox; null before it began.</summary>
    ValueTask<OutboxCursor?> PositionAsync(string reader, ShardId shard, CancellationToken cancellation);

    /// <summary>Remembers how far; false, and nothing written, when a higher fence has written before.</summary>
    ValueTask<bool> SavePositionAsync(
        string reader, ShardId shard, OutboxCursor cursor, long fence, CancellationToken cancellation);

    /// <summary>What a consumer knows of users, in the order asked for.</summary>
    ValueTask<IReadOnlyList<UserProgress>> ProgressAsync(
        string consumer, IReadOnlyList<UserId> users, CancellationToken cancellation);

    /// <summary>
    /// Remembers that a consumer has done its work for users' events, all or none. Events of one user come in order, so one
    /// number per consumer and user is enough; it must never go down.
    /// </summary>
    ValueTask RecordEffectsAsync(string consumer, IReadOnlyList<Effect> effects, CancellationToken cancellation);

    /// <summary>
    /// Parks events, all or none. One that is parked already must stay as it is. <see cref="ParkedEvent.NextAttempt"/> counts
    /// only for the first parked event of a user: the others wait for that one.
    /// </summary>
    ValueTask ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation);

    /// <summary>Parked events, ordered by consumer, user and sequence.</summary>
    ValueTask<IReadOnlyList<ParkedEvent>> ParkedAsync(ParkedQuery query, CancellationToken cancellation);

    /// <summary>How many events are parked for a consumer.</summary>
    ValueTask<long> CountParkedAsync(string consumer, CancellationToken cancellation);

    /// <summary>Users whose first parked event is to be tried again by now, those that have waited longest first.</summary>
    ValueTask<IReadOnlyList<UserId>> DueAsync(
        string consumer, DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Remembers a failed attempt at a user's first parked event; false when it is not parked any more.</summary>
    ValueTask<bool> PostponeAsync(ParkedEvent tried, CancellationToken cancellation);

    /// <summary>Removes a parked event and remembers its effect, both or neither; the user's next one must be due at once.</summary>
    /// <param name="done">The event.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask ReleaseAsync(ParkedEvent done, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Makes parked events due: a user's, or everybody's. Returns the number of users.</summary>
    ValueTask<int> RetryParkedAsync(string consumer, UserId? user, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>What a consumer knows of a user.</summary>
/// <param name="Done">Sequence of the last event whose effect is remembered; 0 when there is none.</param>
/// <param name="IsParked">Whether something of the user is parked, so that what comes later has to wait.</param>
public readonly record struct UserProgress(long Done, bool IsParked);

/// <summary>A user's events up to this one have had their effect.</summary>
public readonly record struct Effect(UserId User, long Sequence);
