using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Two processes' stores over one database, asked in turn.</summary>
internal sealed class TwoNodes(IStore first, IStore second) : DelegatingStore(first)
{
    private int calls;

    private IStore Next => Interlocked.Increment(ref calls) % 2 == 0 ? Inner : second;

    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation) => Next.CommitAsync(changes, cancellation);

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) => Next.UsersAsync(ids, after, cancellation);

    public override ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        Next.UserByEmailAsync(email, after, cancellation);

    public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation) => Next.ListAsync(query, after, cancellation);

    public override async ValueTask DisposeAsync()
    {
        await second.DisposeAsync();
        await base.DisposeAsync();
    }
}
