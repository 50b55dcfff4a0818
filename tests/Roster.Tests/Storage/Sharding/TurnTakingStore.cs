using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Waits for its turn before and after each call that e-mails depend on.</summary>
internal sealed class TurnTakingStore(IStore inner, Interleaving turns) : DelegatingStore(inner)
{
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        InTurnAsync(() => Inner.CommitAsync(changes, cancellation));

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        InTurnAsync(() => Inner.UsersAsync(ids, after, cancellation));

    public override ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        InTurnAsync(() => Inner.StandingAsync(user, cancellation));

    public override ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        InTurnAsync(() => Inner.ClaimAsync(email, cancellation));

    private async ValueTask<T> InTurnAsync<T>(Func<ValueTask<T>> call)
    {
        await turns.TurnAsync();
        var answer = await call();
        await turns.TurnAsync();
        return answer;
    }
}
