using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Api.Posts;

/// <summary>Counts the questions that an answer is made of.</summary>
internal sealed class CountingStore(IStore inner) : DelegatingStore(inner)
{
    private int lists;
    private int newest;
    private int others;

    /// <summary>Lists of users, newest posts of authors, and reads of any other kind, since the last call.</summary>
    public (int Lists, int Newest, int Others) Take() =>
        (Interlocked.Exchange(ref lists, 0), Interlocked.Exchange(ref newest, 0), Interlocked.Exchange(ref others, 0));

    public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation)
    {
        Interlocked.Increment(ref lists);
        return Inner.ListAsync(query, after, cancellation);
    }

    public override ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation)
    {
        Interlocked.Increment(ref newest);
        return Inner.NewestPostsAsync(authors, limit, after, cancellation);
    }

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        Interlocked.Increment(ref others);
        return Inner.UsersAsync(ids, after, cancellation);
    }

    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        Interlocked.Increment(ref others);
        return Inner.PostsAsync(ids, after, cancellation);
    }
}
