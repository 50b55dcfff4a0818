using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>The contract's list-shaped calls, for one item.</summary>
public static class StoreCalls
{
    /// <summary>Commits one change.</summary>
    public static async ValueTask<ChangeResult> CommitAsync(
        this IStore store, Change change, CancellationToken cancellation) =>
        (await store.CommitAsync([change], cancellation))[0];

    /// <summary>Reads one user, tombstones included.</summary>
    public static async ValueTask<Read<User>?> UserAsync(
        this IStore store, UserId id, ConsistencyToken after, CancellationToken cancellation) =>
        (await store.UsersAsync([id], after, cancellation))[0];

    /// <summary>Reads one post; none of deleted authors.</summary>
    public static async ValueTask<Read<Post>?> PostAsync(
        this IStore store, PostId id, ConsistencyToken after, CancellationToken cancellation) =>
        (await store.PostsAsync([id], after, cancellation))[0];
}
