using System.Diagnostics.CodeAnalysis;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>A store that passes everything on to an inner one; a decorator overrides what it is for.</summary>
public abstract class DelegatingStore(IStore inner) : IStore
{
    /// <summary>The store behind this one; disposed with it.</summary>
    protected IStore Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual IReadOnlyList<ShardId> Shards => Inner.Shards;

    /// <inheritdoc/>
    public virtual bool MayBeStale => Inner.MayBeStale;

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation) => Inner.CommitAsync(changes, cancellation);

    /// <inheritdoc/>
    public virtual bool TryUser(UserId id, ConsistencyToken after, [NotNullWhen(true)] out Read<User>? read) => Inner.TryUser(id, after, out read);

    /// <inheritdoc/>
    public virtual bool TryPost(PostId id, ConsistencyToken after, [NotNullWhen(true)] out Read<Post>? read) => Inner.TryPost(id, after, out read);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.UsersAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.PostsAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.NewestPostsAsync(authors, limit, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<Read<User>?> UserByEmailAsync(
        ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.UserByEmailAsync(email, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.ListAsync(query, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.HistoryAsync(user, afterSequence, limit, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        Inner.PastStateAsync(user, when, after, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation) =>
        Inner.OutcomeAsync(bucket, principal, keyHash, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<OutboxPage> OutboxAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        Inner.OutboxAsync(shard, after, limit, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<OutboxPage> OutboxOfChangesAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        Inner.OutboxOfChangesAsync(shard, after, limit, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation) =>
        Inner.OutboxHeadAsync(shard, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation) =>
        Inner.SeenAsync(bucket, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        Inner.StandingAsync(user, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        Inner.ClaimAsync(email, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(
        ShardId shard, int limit, CancellationToken cancellation) => Inner.UnsettledAsync(shard, limit, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation) =>
        Inner.SettleAsync(found, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation) =>
        Inner.ExpireAsync(expiry, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation) =>
        Inner.CheckAsync(cancellation);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
