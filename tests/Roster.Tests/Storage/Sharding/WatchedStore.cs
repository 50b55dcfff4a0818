using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Sharding;

/// <summary>A node's way to a shard, on which something can happen before and after each call that e-mails depend on.</summary>
internal sealed class WatchedStore(IStore inner, Func<Task> before, Func<Task>? after = null) : DelegatingStore(inner)
{
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        WatchAsync(() => Inner.CommitAsync(changes, cancellation));

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        WatchAsync(() => Inner.UsersAsync(ids, after, cancellation));

    public override ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        WatchAsync(() => Inner.StandingAsync(user, cancellation));

    public override ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        WatchAsync(() => Inner.ClaimAsync(email, cancellation));

    private async ValueTask<T> WatchAsync<T>(Func<ValueTask<T>> call)
    {
        await before();
        var answer = await call();
        await (after?.Invoke() ?? Task.CompletedTask);
        return answer;
    }
}
