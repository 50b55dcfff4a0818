using Roster.Core.Ids;
using Roster.Core.Requests;

namespace Roster.Core.Users;

/// <summary>Suspends and reactivates: a suspended user can be read and changed, but not post.</summary>
public sealed class SuspendUser(UserWriter writer)
{
    /// <summary>Suspends; nothing happens to a suspended user.</summary>
    public ValueTask<WriteResult<User>> SuspendAsync(
        UserId id, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 200, user => Decide(user, UserStatus.Suspended), cancellation);

    /// <summary>Reactivates; nothing happens to an active user.</summary>
    public ValueTask<WriteResult<User>> ReactivateAsync(
        UserId id, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 200, user => Decide(user, UserStatus.Active), cancellation);

    /// <summary>From state and wanted status to events. Pure.</summary>
    public static UserWriter.Decision Decide(User user, UserStatus wanted) => (user.Status == wanted, wanted) switch
    {
        (true, _) => UserWriter.Decision.Of(),
        (_, UserStatus.Suspended) => UserWriter.Decision.Of(new Suspended()),
        _ => UserWriter.Decision.Of(new Reactivated()),
    };
}
