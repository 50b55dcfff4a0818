using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>
/// Answers a repeated request on a post with the state that the first one led to: its row while it has that version,
/// else the fold of its author's events, which outlive post and author.
/// </summary>
public sealed class PostReplay(IStore store)
{
    private const int PageSize = 500;

    /// <summary>
    /// The first answer to this key; <see cref="WriteResult{T}.KeyReused"/> when it was given to another request;
    /// null when there is none.
    /// </summary>
    public ValueTask<WriteResult<Post>?> FindAsync(
        BucketId bucket, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        store.FirstAnswerAsync(bucket, caller, key, RebuildAsync, cancellation);

    private async ValueTask<Post> RebuildAsync(
        IdempotencyRecord record, CancellationToken cancellation)
    {
        if (record.Post is not { } id)
        {
            throw new InvalidDataException($"The outcome of a request on a post of user {record.User} names no post.");
        }

        if (await store.PostAsync(id, ConsistencyToken.Latest, cancellation) is { } now && now.State.Version == record.Version)
        {
            return now.State;
        }

        if (await store.UserAsync(record.User, ConsistencyToken.Latest, cancellation) is { } author)
        {
            // A post is published just after its id is made; only when the clock went back between is it found earlier.
            var start = await SequenceBeforeAsync(author.State, IdLayout.TimeOf(id.Value), cancellation);
            var then = await FoldAsync(author.State, id, record.Version, start, cancellation)
                ?? await FoldAsync(author.State, id, record.Version, 0, cancellation);
            if (then is not null)
            {
                return then;
            }
        }

        throw new InvalidDataException($"Post {id} has an outcome but no version {record.Version}.");
    }

    /// <summary>The last sequence before a time, or an earlier one: times grow with sequences, so by halving.</summary>
    private async ValueTask<long> SequenceBeforeAsync(User author, DateTimeOffset time, CancellationToken cancellation)
    {
        var (before, end) = (0L, author.Sequence);
        while (end - before > PageSize)
        {
            var middle = before + ((end - before) / 2);
            var events = await store.HistoryAsync(author.Id, middle - 1, 1, ConsistencyToken.Latest, cancellation);
            (before, end) = events is [var there] && there.At < time ? (middle, end) : (before, middle);
        }

        return before;
    }

    /// <summary>The post at a version, or as it was when this version removed it; null when it was not published after <paramref name="sequence"/>.</summary>
    private async ValueTask<Post?> FoldAsync(
        User author, PostId id, long version, long sequence, CancellationToken cancellation)
    {
        Post? post = null;
        while (await store.HistoryAsync(author.Id, sequence, PageSize, ConsistencyToken.Latest, cancellation) is { Count: > 0 } page)
        {
            foreach (var recorded in page.Where(recorded => recorded.What is PostEvent e && e.Post == id))
            {
                if (post is null && recorded.What is not PostPublished)
                {
                    return null;
                }

                var next = PostFold.Apply(post, recorded, author.Tenant) ?? post;
                if (recorded.Version == version)
                {
                    return next;
                }

                post = next;
            }

            sequence = page[^1].Sequence;
        }

        return null;
    }
}
