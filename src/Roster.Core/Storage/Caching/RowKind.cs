using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage.Caching;

/// <summary>What caching has to know of a kind of row.</summary>
internal abstract class RowKind<TId, T>
    where T : class
{
    public abstract Guid KeyOf(TId id);

    /// <summary>The number that grows with every change of the row.</summary>
    public abstract long VersionOf(T state);

    /// <summary>Of a post.</summary>
    public virtual UserId? AuthorOf(T state) => null;
}

internal sealed class UserRows : RowKind<UserId, User>
{
    public override Guid KeyOf(UserId id) => id.Value;

    public override long VersionOf(User state) => state.Sequence;
}

internal sealed class PostRows : RowKind<PostId, Post>
{
    public override Guid KeyOf(PostId id) => id.Value;

    public override long VersionOf(Post state) => state.Version;

    public override UserId? AuthorOf(Post state) => state.User;
}
