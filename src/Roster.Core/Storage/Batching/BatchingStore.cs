using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Telemetry;
using Roster.Core.Users;

namespace Roster.Core.Storage.Batching;

/// <summary>
/// Gathers commits, and reads by id, of concurrent requests into batches for one engine. No second change of a user is
/// in flight with the first, and a user's changes keep the order in which they were asked for.
/// </summary>
public sealed class BatchingStore : DelegatingStore
{
    private readonly NaturalBatcher<Change, ChangeResult> commits;
    private readonly ReadBatches<UserId, User> users;
    private readonly ReadBatches<PostId, Post> posts;

    /// <summary>Batches in front of a store.</summary>
    /// <param name="inner">The engine of one shard; disposed with this store.</param>
    /// <param name="commitOptions">Limits of commits.</param>
    /// <param name="readOptions">Limits of reads by id, users and posts each; null for those of commits.</param>
    public BatchingStore(IStore inner, BatchingOptions commitOptions, BatchingOptions? readOptions = null)
        : base(inner)
    {
        ShardId? shard = inner.Shards is [var only] ? only : null;
        commits = new("commits", changes => CommitAsync(inner, changes), commitOptions, new SameUser(), shard);
        users = new("users", inner.UsersAsync, readOptions ?? commitOptions, shard);
        posts = new("posts", inner.PostsAsync, readOptions ?? commitOptions, shard);
    }

    /// <summary>Whether a change would be refused now.</summary>
    public bool IsBusy => commits.IsBusy;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        // Apart they would commit one after the other; the contract promises that such a batch is refused whole.
        if (changes.Count > 1 && changes.DistinctBy(change => change.User).Count() < changes.Count)
        {
            throw new ArgumentException("A batch must not hold two changes of one user.", nameof(changes));
        }

        return commits.RunAsync(changes, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        users.RunAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        posts.RunAsync(ids, after, cancellation);

    /// <summary>No caller's token: what one gives up on, others still wait for.</summary>
    private static async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IStore inner, IReadOnlyList<Change> changes)
    {
        using var span = Spans.Within("storage commit");
        span?.SetTag("roster.changes", changes.Count);
        try
        {
            return await inner.CommitAsync(changes, CancellationToken.None);
        }
        catch (Exception e) when (Spans.Failed(span, e))
        {
            throw;
        }
    }
}
