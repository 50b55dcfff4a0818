using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>
/// Writes posts: each write moves its author's sequence, so whatever else happens to the author meets it at the
/// compare-and-set. Each use case brings only its <c>decide</c>.
/// </summary>
public sealed class PostWriter(IStore store, WriteLoop loop, EventRecorder recorder, PostReplay replay, TimeProvider time)
{
    /// <summary>What a use case decided: an event (none when nothing changes), or a refusal.</summary>
    public sealed record Decision(PostEvent? Event, WriteResult<Post>? Refusal)
    {
        /// <summary>This event, or none.</summary>
        public static Decision Of(PostEvent? what) => new(what, null);

        /// <summary>Not possible, and why.</summary>
        public static Decision Refuse(WriteResult<Post> why) => new(null, why);
    }

    /// <summary>Runs the making of one post to its end.</summary>
    /// <param name="author">Whose post.</param>
    /// <param name="id">The new post; in the author's bucket.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="status">The HTTP status that a success is remembered with.</param>
    /// <param name="decide">Pure: from the author to the event. May run several times.</param>
    /// <param name="cancellation">Stops waiting; a commit under way goes on.</param>
    /// <exception cref="StoreBusyException">The author changed faster than this request could.</exception>
    public ValueTask<WriteResult<Post>> PublishAsync(
        UserId author, PostId id, Caller caller, IdempotencyKey? key, int status, Func<User, Decision> decide, CancellationToken cancellation) =>
        RunAsync(id.Bucket, caller, key, async stop => await AuthorAsync(author, caller, stop) is { State: var user }
            ? AttemptOf(user, post: null, id, decide(user), caller, key, status)
            : NotFound, cancellation);

    /// <summary>Runs one change of a post to its end.</summary>
    /// <param name="id">The post.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's idempotency key, if it has one.</param>
    /// <param name="status">The HTTP status that a success is remembered with.</param>
    /// <param name="decide">Pure: from author and post to an event. May run several times.</param>
    /// <param name="cancellation">Stops waiting; a commit under way goes on.</param>
    /// <exception cref="StoreBusyException">The author changed faster than this request could.</exception>
    public ValueTask<WriteResult<Post>> ChangeAsync(
        PostId id, Caller caller, IdempotencyKey? key, int status, Func<User, Post, Decision> decide, CancellationToken cancellation)
    {
        UserId? author = null;
        return RunAsync(id.Bucket, caller, key, AttemptAsync, cancellation);

        // The post is read after its author: an edit between the two would otherwise have moved the sequence that this
        // change expects, and be overwritten. The first read only says who the author is, which never changes.
        async ValueTask<Attempt<Post>> AttemptAsync(CancellationToken stop)
        {
            author ??= (await store.PostAsync(id, ConsistencyToken.Latest, stop))?.State.User;
            return author is { } user && await AuthorAsync(user, caller, stop) is { } read
                && await store.PostAsync(id, ConsistencyToken.Latest, stop) is { } post
                ? AttemptOf(read.State, post.State, id, decide(read.State, post.State), caller, key, status)
                : NotFound;
        }
    }

    private static Attempt<Post> NotFound => new Attempt<Post>.Refused(new WriteResult<Post>.NotFound());

    private ValueTask<WriteResult<Post>> RunAsync(
        BucketId bucket,
        Caller caller,
        IdempotencyKey? key,
        Func<CancellationToken, ValueTask<Attempt<Post>>> attempt,
        CancellationToken cancellation) =>
        loop.RunAsync(
            bucket,
            attempt,
            stop => replay.FindAsync(bucket, caller, key, stop),
            "The post's author is being changed by too many requests at once.",
            cancellation);

    private async ValueTask<Read<User>?> AuthorAsync(UserId id, Caller caller, CancellationToken cancellation) =>
        caller.Reaches(id) && await store.UserAsync(id, ConsistencyToken.Latest, cancellation) is { State.Exists: true } read
            && read.State.Tenant == caller.Tenant ? read : null;

    private Attempt<Post> AttemptOf(
        User author, Post? post, PostId id, Decision decision, Caller caller, IdempotencyKey? key, int status)
    {
        if (decision.Refusal is { } refusal)
        {
            return new Attempt<Post>.Refused(refusal);
        }

        if (decision.Event is null && key is null)
        {
            return new Attempt<Post>.Settled(post!, id.Bucket);
        }

        var change = new Change
        {
            User = author.Id,
            ExpectedSequence = author.Sequence,
            Idempotency = key?.RecordOf(
                caller,
                author.Id,
                (post?.Version ?? 0) + (decision.Event is null ? 0 : 1),
                status,
                Timestamps.Truncate(time.GetUtcNow()),
                id),
        };
        return decision.Event is { } what
            ? Extend(change, author, post, what, caller)
            : new Attempt<Post>.Ready(change, post!);
    }

    /// <summary>The change with an event; one that removes the post answers with the post as it was.</summary>
    private Attempt<Post>.Ready Extend(Change change, User author, Post? post, PostEvent what, Caller caller)
    {
        var events = recorder.Record(author.Id, author, (post?.Version ?? 0) + 1, caller.Actor, [what]);
        var next = PostFold.Apply(post, events[0], author.Tenant);
        return new Attempt<Post>.Ready(
            change with
            {
                Next = UserFold.Apply(author, events[0], author.Tenant),
                Events = events,
                Posts = [new PostWrite(what.Post, next)],
            },
            (next ?? post)!);
    }
}
