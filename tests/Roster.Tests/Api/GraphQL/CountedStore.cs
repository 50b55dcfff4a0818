using System.Collections.Concurrent;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Api.GraphQL;

/// <summary>Counts what is asked of the store behind it.</summary>
internal sealed class CountedStore(IStore inner) : DelegatingStore(inner)
{
    public ConcurrentQueue<string> Calls { get; } = [];

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        Counted("users").UsersAsync(ids, after, cancellation);

    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        Counted("posts").PostsAsync(ids, after, cancellation);

    public override ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        Counted("newest").NewestPostsAsync(authors, limit, after, cancellation);

    public override ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        Counted("email").UserByEmailAsync(email, after, cancellation);

    public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        Counted("list").ListAsync(query, after, cancellation);

    private IStore Counted(string call)
    {
        Calls.Enqueue(call);
        return Inner;
    }
}
