using Roster.Core.Ids;
using Roster.Core.Requests;

namespace Roster.Core.Posts;

/// <summary>Deletes a post; a suspended author's too. Its history stays in its author's stream.</summary>
public sealed class DeletePost(PostWriter writer)
{
    /// <summary>Deletes, or says why not.</summary>
    /// <param name="id">The post.</param>
    /// <param name="accepts">Which versions may be deleted (<c>If-Match</c>); null for any.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<WriteResult<Post>> HandleAsync(
        PostId id, Func<long, bool>? accepts, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 204, (_, post) => Decide(post, accepts), cancellation);

    /// <summary>From state to an event. Pure.</summary>
    public static PostWriter.Decision Decide(Post post, Func<long, bool>? accepts) =>
        accepts is not null && !accepts(post.Version)
            ? PostWriter.Decision.Refuse(new WriteResult<Post>.VersionMismatch(post.Version))
            : PostWriter.Decision.Of(new PostDeleted(post.Id));
}
