using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>
/// Changes an existing user: read, decide, commit by compare-and-set, and again when somebody else was faster.
/// Each use case brings only its <c>decide</c>.
/// </summary>
public sealed class UserWriter(IStore store, WriteLoop loop, Placement placement, EventRecorder recorder, UserReplay replay, TimeProvider time)
{
    /// <summary>What a use case decided: events (none when nothing changes), or a refusal.</summary>
    public sealed record Decision(IReadOnlyList<UserEvent> Events, WriteResult<User>? Refusal)
    {
        /// <summary>These events, or none.</summary>
        public static Decision Of(params IReadOnlyList<UserEvent> events) => new(events, null);

        /// <summary>Not possible, and why.</summary>
        public static Decision Refuse(WriteResult<User> why) => new([], why);
    }

    /// <summary>Runs one change to its end.</summary>
    /// <param name="id">The user.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="status">The HTTP status that a success is remembered with.</param>
    /// <param name="decide">Pure: from the current state to events. May run several times.</param>
    /// <param name="cancellation">Stops waiting; a commit under way goes on.</param>
    /// <exception cref="StoreBusyException">The user changed faster than this request could.</exception>
    public ValueTask<WriteResult<User>> ChangeAsync(
        UserId id, Caller caller, IdempotencyKey? key, int status, Func<User, Decision> decide, CancellationToken cancellation) =>
        loop.RunAsync(
            id.Bucket,
            stop => AttemptAsync(id, caller, key, status, decide, stop),
            stop => replay.FindAsync(id.Bucket, caller, key, stop),
            "The user is being changed by too many requests at once.",
            cancellation);

    private async ValueTask<Attempt<User>> AttemptAsync(
        UserId id, Caller caller, IdempotencyKey? key, int status, Func<User, Decision> decide, CancellationToken cancellation)
    {
        var read = await store.UserAsync(id, ConsistencyToken.Latest, cancellation);
        var decision = read is { State: { Exists: true } user } && caller.Reaches(id) && user.Tenant == caller.Tenant
            ? decide(user)
            : Decision.Refuse(new WriteResult<User>.NotFound());
        if (decision.Refusal is { } refusal)
        {
            return new Attempt<User>.Refused(refusal);
        }

        if (decision.Events.Count == 0 && key is null)
        {
            return new Attempt<User>.Settled(read!.State, id.Bucket);
        }

        var change = ChangeOf(read!.State, decision.Events, caller, key, status);
        return new Attempt<User>.Ready(change, change.Next ?? read.State);
    }

    private Change ChangeOf(
        User user, IReadOnlyList<UserEvent> decided, Caller caller, IdempotencyKey? key, int status)
    {
        var events = recorder.Record(user.Id, user, user.Version + 1, caller.Actor, decided);
        var next = events.Aggregate(user, (state, recorded) => UserFold.Apply(state, recorded, caller.Tenant));
        return new Change
        {
            User = user.Id,
            ExpectedSequence = user.Sequence,
            Next = events.Count == 0 ? null : next,
            Events = events,
            Claims = ClaimsOf(user, next),
            Idempotency = key?.RecordOf(caller, user.Id, next.Version, status, Timestamps.Truncate(time.GetUtcNow())),
        };
    }

    private ClaimWrite[] ClaimsOf(User before, User after) => (before.EmailKey == after.EmailKey, after.Exists) switch
    {
        (_, false) => [new ClaimWrite(ClaimOf(before), Take: false)],
        (false, true) => [new ClaimWrite(ClaimOf(after), Take: true), new ClaimWrite(ClaimOf(before), Take: false)],
        _ => [],
    };

    private ClaimKey ClaimOf(User user) =>
        new(placement.BucketOf(user.Tenant, user.EmailKey), user.Tenant, user.EmailKey);
}
