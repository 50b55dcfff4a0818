using System.Diagnostics.CodeAnalysis;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>
/// The storage contract: all that Roster asks of an engine. Batching, caching and sharding implement it too, by
/// holding an inner one; the conformance suite proves each sentence below on every one of them.
/// <para>Every method may throw <see cref="StoreUnavailableException"/>; reads have then seen nothing, and a commit's
/// changes have not happened, or may have: then it is <see cref="OutcomeUnknownException"/>.</para>
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>The shards behind this store.</summary>
    IReadOnlyList<ShardId> Shards { get; }

    /// <summary>
    /// Commits changes. Results stand in the order of the changes.
    /// Each change must be written whole or not at all, and must succeed or fail alone.
    /// A change must be refused when its idempotency record exists, when its user's sequence or intent is not the
    /// expected one, or when a claim it takes is another user's: in this order.
    /// What is reported as committed must be durable, and must be seen by every later read.
    /// When two changes of a batch exclude each other (one e-mail, one idempotency key), either may be the one refused.
    /// </summary>
    /// <param name="changes">Changes of different users; a batch must not hold two changes of one user. One that does throws
    /// <see cref="ArgumentException"/> and nothing of it is written.</param>
    /// <param name="cancellation">Stops waiting before the batch has begun; a COMMIT is never cancelled.</param>
    ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation);

    /// <summary>A user that is at hand, without waiting: what <see cref="UsersAsync"/> could answer. False says nothing about whether there is one.</summary>
    bool TryUser(UserId id, ConsistencyToken after, [NotNullWhen(true)] out Read<User>? read)
    {
        read = null;
        return false;
    }

    /// <summary>A post that is at hand, without waiting.</summary>
    bool TryPost(PostId id, ConsistencyToken after, [NotNullWhen(true)] out Read<Post>? read)
    {
        read = null;
        return false;
    }

    /// <summary>Users by id, tombstones included, in the order asked for; null where there is none.</summary>
    /// <param name="ids">Any ids, repeated ones too.</param>
    /// <param name="after">The read must include everything the token covers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>Posts by id, in the order asked for; null where there is none or its author is deleted.</summary>
    ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>The first <paramref name="limit"/> posts of each author, newest first, in the order asked for; none of deleted authors.</summary>
    ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>The user that owns an e-mail, or null.</summary>
    ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>A page of a list; it must hold neither deleted users nor another tenant's.</summary>
    ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>A user's events after a sequence, oldest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>A user's state at a version or time: the fold of the events up to there; null when there was none yet,
    /// or when no state had that version. The events of posts may be left out, and then <see cref="User.Sequence"/> and
    /// <see cref="User.LastEventAt"/> are those of the last event of the profile.</summary>
    ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation);

    /// <summary>What a request with this idempotency key led to, or null: the key is known in the whole shard of the bucket,
    /// and in other shards as far as an engine can. Always reads the latest state.</summary>
    ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation);

    /// <summary>
    /// Outbox entries after a cursor, in commit order. It must never return an entry before one that can still
    /// appear earlier, and never one that did not commit. A cursor of another timeline starts from the oldest kept.
    /// </summary>
    ValueTask<OutboxPage> OutboxAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation);

    /// <summary>
    /// As <see cref="OutboxAsync"/>, for whoever keeps rows: entries of sign-ups may be left out, as nobody can have kept a row from before.
    /// It must leave out nothing else, and go as far as the whole page.
    /// </summary>
    ValueTask<OutboxPage> OutboxOfChangesAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        OutboxAsync(shard, after, limit, cancellation);

    /// <summary>The cursor after the newest entry.</summary>
    ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation);

    /// <summary>A token for what was shown: it must cover everything that reads of the latest state of the bucket's shard have returned until
    /// now. <see cref="Read{T}.AsOf"/> is no such token: it says what a read includes at least.</summary>
    ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation);

    /// <summary>The intent on a user's row, and the highest fence there was; nothing for unknown users. Always the latest state.</summary>
    ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation);

    /// <summary>Who has an e-mail, reserved ones too; null when nobody. Always the latest state.</summary>
    ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation);

    /// <summary>Intents and reservations in a shard, at most <paramref name="limit"/> of each.</summary>
    ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(ShardId shard, int limit, CancellationToken cancellation);

    /// <summary>Brings an interrupted change to its end; false when there is nothing of it.</summary>
    /// <param name="found">What <see cref="UnsettledAsync"/> found, or any intent there may be on a user's row.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation);

    /// <summary>Removes some of what has expired, and posts of deleted users; returns the number of rows removed.</summary>
    ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation);

    /// <summary>Whether reads without a token may be older than the setting allows, as a shard that nobody leads is read from its replicas.</summary>
    bool MayBeStale => false;

    /// <summary>What is wrong with shards, a line each; empty when nothing is.</summary>
    ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation);
}

/// <summary>What is wrong with a shard, in a sentence.</summary>
public sealed record ShardTrouble(ShardId Shard, string Problem)
{
    /// <summary>It serves all the same, at least in part: a replica is missing, or it can be read from only.</summary>
    public bool IsPartial { get; init; }
}
