using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>Deletes a user: the e-mail is free again, a tombstone and the history stay.</summary>
public sealed class DeleteUser(UserWriter writer, IStore store)
{
    /// <summary>Deletes, or says why not.</summary>
    /// <param name="id">The user.</param>
    /// <param name="accepts">Which versions may be deleted (<c>If-Match</c>); null for any.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">The user is deleted, but its e-mail's shard cannot be reached: repeat, to
    /// learn when the e-mail is free.</exception>
    public async ValueTask<WriteResult<User>> HandleAsync(
        UserId id, Func<long, bool>? accepts, Caller caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        var result = await writer.ChangeAsync(id, caller, key, status: 204, user => Decide(user, accepts), cancellation);
        if (result is not (WriteResult<User>.Done or WriteResult<User>.NotFound)
            || !await store.SettleAsync(Unsettled.AnyOf(id), cancellation))
        {
            return result;
        }

        return result is WriteResult<User>.NotFound
            && await store.UserAsync(id, ConsistencyToken.Latest, cancellation) is { State.Exists: false } gone
            && gone.State.Tenant == caller.Tenant && caller.Reaches(id)
            ? new WriteResult<User>.Done(gone.State, await store.SeenAsync(id.Bucket, cancellation))
            : result;
    }

    /// <summary>From state to events. Pure.</summary>
    public static UserWriter.Decision Decide(User user, Func<long, bool>? accepts) =>
        accepts is not null && !accepts(user.Version)
            ? UserWriter.Decision.Refuse(new WriteResult<User>.VersionMismatch(user.Version))
            : UserWriter.Decision.Of(new UserDeleted());
}
