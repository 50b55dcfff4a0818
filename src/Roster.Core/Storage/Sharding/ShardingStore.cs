using System.Diagnostics.CodeAnalysis;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage.Sharding;

/// <summary>
/// Many shards as one store: every id tells its bucket, and the map tells the bucket's shard, so all but lists goes to one
/// shard. What several shards have to agree on, e-mails, goes by <see cref="ClaimIntents"/>.
/// </summary>
public sealed class ShardingStore : IStore
{
    private const int MaxAttempts = 8;

    private readonly ShardRouter router;
    private readonly ClaimIntents intents;

    /// <summary>Shards behind one contract.</summary>
    /// <param name="map">Who owns each bucket; names only shards that are there.</param>
    /// <param name="shards">One store per shard; disposed with this one.</param>
    /// <param name="ids">Names intents.</param>
    public ShardingStore(ShardMap map, IReadOnlyList<IStore> shards, IdFactory ids)
    {
        router = new ShardRouter(map, shards);
        intents = new ClaimIntents(router, ids);
        Shards = [.. shards.Select(store => store.Shards.Single())];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShardId> Shards { get; }

    /// <inheritdoc/>
    public bool MayBeStale
    {
        get
        {
            foreach (var store in router.All)
            {
                if (store.MayBeStale)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>One change after the other: requests bring one each, and the shards' own batching gathers them.</summary>
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        if (changes.Count == 1)
        {
            return [await CommitAsync(changes[0], cancellation)];
        }

        if (changes.DistinctBy(change => change.User).Count() < changes.Count)
        {
            throw new ArgumentException("A batch must not hold two changes of one user.", nameof(changes));
        }

        var results = new ChangeResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = await CommitAsync(changes[i], cancellation);
        }

        return results;
    }

    /// <inheritdoc/>
    public bool TryUser(UserId id, ConsistencyToken after, [NotNullWhen(true)] out Read<User>? read) => router.Of(id.Bucket).TryUser(id, after, out read);

    /// <inheritdoc/>
    public bool TryPost(PostId id, ConsistencyToken after, [NotNullWhen(true)] out Read<Post>? read) => router.Of(id.Bucket).TryPost(id, after, out read);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        router.AskAsync(ids, id => id.Bucket, (store, some) => store.UsersAsync(some, after, cancellation));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        router.AskAsync(ids, id => id.Bucket, (store, some) => store.PostsAsync(some, after, cancellation));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        router.AskAsync(
            authors, author => author.User.Bucket, (store, some) => store.NewestPostsAsync(some, limit, after, cancellation));

    /// <summary>The claim lies in the e-mail's shard, its user perhaps in another: then the user's row has the last word.</summary>
    /// <inheritdoc/>
    public async ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation)
    {
        var store = router.Of(email.Bucket);
        if (await store.UserByEmailAsync(email, after, cancellation) is { } neighbour)
        {
            return neighbour;
        }

        return await store.ClaimAsync(email, cancellation) is { User: var owner } && router.Of(owner.Bucket) != store
            && (await UsersAsync([owner], after, cancellation))[0] is { } read && ClaimIntents.Owns(read.State, email)
            ? read
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        ListMerge.Of(await router.AskAllAsync(store => store.ListAsync(query, after, cancellation)), query);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        router.Of(user.Bucket).HistoryAsync(user, afterSequence, limit, after, cancellation);

    /// <inheritdoc/>
    public ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        router.Of(user.Bucket).PastStateAsync(user, when, after, cancellation);

    /// <inheritdoc/>
    public ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation) =>
        router.Of(bucket).OutcomeAsync(bucket, principal, keyHash, cancellation);

    /// <inheritdoc/>
    public ValueTask<OutboxPage> OutboxAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        router.Of(shard).OutboxAsync(shard, after, limit, cancellation);

    /// <inheritdoc/>
    public ValueTask<OutboxPage> OutboxOfChangesAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        router.Of(shard).OutboxOfChangesAsync(shard, after, limit, cancellation);

    /// <inheritdoc/>
    public ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation) =>
        router.Of(shard).OutboxHeadAsync(shard, cancellation);

    /// <inheritdoc/>
    public ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation) =>
        router.Of(bucket).SeenAsync(bucket, cancellation);

    /// <inheritdoc/>
    public ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        router.Of(user.Bucket).StandingAsync(user, cancellation);

    /// <inheritdoc/>
    public ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        router.Of(email.Bucket).ClaimAsync(email, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(ShardId shard, int limit, CancellationToken cancellation) =>
        router.Of(shard).UnsettledAsync(shard, limit, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation) => intents.SettleAsync(found);

    /// <summary>Cleans up each shard; one that cannot be reached holds up no other.</summary>
    /// <inheritdoc/>
    public async ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation) =>
        (await router.AskAllAsync(store => store.ExpireAsync(expiry, cancellation))).Sum();

    /// <summary>A shard that does not answer before the caller stops waiting is in trouble; the others' answers count.</summary>
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation) =>
        [.. (await router.AskAllAsync(store => CheckAsync(store, cancellation))).SelectMany(trouble => trouble)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in router.All)
        {
            await store.DisposeAsync();
        }
    }

    private static async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(IStore store, CancellationToken cancellation)
    {
        try
        {
            return await store.CheckAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [new ShardTrouble(store.Shards[0], "It did not answer in time.")];
        }
    }

    private async ValueTask<ChangeResult> CommitAsync(Change change, CancellationToken cancellation)
    {
        var home = router.Of(change.User.Bucket);
        if (change.Claims.Any(claim => router.Of(claim.Key.Bucket) != home))
        {
            return await intents.CommitAsync(change);
        }

        for (var attempt = 1; ; attempt++)
        {
            var result = await home.CommitAsync(change, cancellation);
            switch (result.Outcome)
            {
                case ChangeOutcome.Stale when change.ExpectedSequence > 0:
                    await intents.SettleAsync(Unsettled.AnyOf(change.User));
                    return result;
                case ChangeOutcome.EmailTaken when attempt < MaxAttempts && await intents.FreeAsync(change):
                    continue;
                default:
                    return result;
            }
        }
    }
}
