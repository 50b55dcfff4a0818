using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>Changes a post's text: JSON Merge Patch (RFC 7396).</summary>
public sealed class ChangePost(PostWriter writer)
{
    /// <summary>What a client asks for.</summary>
    /// <param name="Text">The new text; null leaves it.</param>
    public sealed record Request(string? Text)
    {
        /// <summary>What was found wrong while reading it; the rules add theirs, so that a client learns all at once.</summary>
        public ValidationErrors Errors { get; init; } = new();

        /// <summary>Which versions the client accepts to change (<c>If-Match</c>); null for any.</summary>
        public Func<long, bool>? Accepts { get; init; }
    }

    /// <summary>Applies the patch, or says why not. A patch that changes nothing makes no event.</summary>
    public ValueTask<WriteResult<Post>> HandleAsync(
        PostId id, Request request, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 200, (author, post) => Decide(author, post, request), cancellation);

    /// <summary>From state and request to an event. Pure.</summary>
    public static PostWriter.Decision Decide(User author, Post post, Request request)
    {
        if (request.Accepts is { } accepts && !accepts(post.Version))
        {
            return PostWriter.Decision.Refuse(new WriteResult<Post>.VersionMismatch(post.Version));
        }

        var errors = new ValidationErrors(request.Errors);
        var text = request.Text ?? post.Text;
        PostRules.CheckText(text, errors);
        return !errors.None ? PostWriter.Decision.Refuse(new WriteResult<Post>.Invalid(errors))
            : PostRules.SilenceOf(author) is { } silence ? silence
            : PostWriter.Decision.Of(text == post.Text ? null : new PostEdited(post.Id, text));
    }
}
