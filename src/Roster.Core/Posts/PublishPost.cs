using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>Publishes a post of a user.</summary>
public sealed class PublishPost(PostWriter writer, IdFactory ids)
{
    /// <summary>The HTTP status that a success is remembered with.</summary>
    public const int SuccessStatus = 201;

    /// <summary>What a client asks for.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Request(string? Text)
    {
        /// <summary>What was found wrong while reading it; the rules add theirs, so that a client learns all at once.</summary>
        public ValidationErrors Errors { get; init; } = new();
    }

    /// <summary>Publishes, or says why not. With a key, a repeated request gets the first answer.</summary>
    public ValueTask<WriteResult<Post>> HandleAsync(
        UserId author, Request request, Caller caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        var id = new PostId(ids.Next(author.Bucket));
        return writer.PublishAsync(author, id, caller, key, SuccessStatus, user => Decide(user, id, request), cancellation);
    }

    /// <summary>From author and request to an event. Pure.</summary>
    public static PostWriter.Decision Decide(User author, PostId id, Request request)
    {
        var errors = new ValidationErrors(request.Errors);
        PostRules.CheckText(request.Text, errors);
        return !errors.None
            ? PostWriter.Decision.Refuse(new WriteResult<Post>.Invalid(errors))
            : PostRules.SilenceOf(author) ?? PostWriter.Decision.Of(new PostPublished(id, request.Text!));
    }
}
