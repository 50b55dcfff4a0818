using System.Collections.Concurrent;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>A cache that nobody invalidates: each entry serves four reads.</summary>
internal sealed class StaleStore(IStore inner) : DelegatingStore(inner)
{
    private readonly ConcurrentDictionary<UserId, (Read<User> Read, int Uses)> cache = new();

    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var fresh = await Inner.UsersAsync(ids, after, cancellation);
        return [.. fresh.Select((read, i) => read is null ? null : Cached(ids[i], read))];
    }

    private Read<User> Cached(UserId id, Read<User> fresh) =>
        cache.AddOrUpdate(id, (fresh, 1), (_, old) => old.Uses < 4 ? (old.Read, old.Uses + 1) : (fresh, 1)).Read;
}
