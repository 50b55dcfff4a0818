using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>Lets others go first after every read, as a network would, so that clients meet even on one core.</summary>
internal sealed class YieldingStore(IStore inner) : DelegatingStore(inner)
{
    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var found = await Inner.UsersAsync(ids, after, cancellation);
        await Task.Yield();
        return found;
    }
}
