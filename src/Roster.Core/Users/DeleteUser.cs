using Roster.Core.Ids;
using Roster.Core.Requests;

namespace Roster.Core.Users;

/// <summary>Deletes a user: the e-mail is free again, a tombstone and the history stay.</summary>
public sealed class DeleteUser(UserWriter writer)
{
    /// <summary>Deletes, or says why not.</summary>
    /// <param name="id">The user.</param>
    /// <param name="accepts">Which versions may be deleted (<c>If-Match</c>); null for any.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<WriteResult<User>> HandleAsync(
        UserId id, Func<long, bool>? accepts, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 204, user => Decide(user, accepts), cancellation);

    /// <summary>From state to events. Pure.</summary>
    public static UserWriter.Decision Decide(User user, Func<long, bool>? accepts) =>
        accepts is not null && !accepts(user.Version)
            ? UserWriter.Decision.Refuse(new WriteResult<User>.VersionMismatch(user.Version))
            : UserWriter.Decision.Of(new UserDeleted());
}
