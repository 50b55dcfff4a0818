using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Resilience;

/// <summary>
/// Stands in front of one shard's engine: deadlines for reads, circuit breakers, and a bounded queue for what is not batched. What only
/// a leader can answer, what carries a token and what any replica can answer have a breaker each: one being away must not stop the others.
/// The program's own work (outbox, clean-up, health) passes freely.
/// </summary>
public sealed class GuardedStore : DelegatingStore
{
    private readonly ShardBreaker commits;
    private readonly ShardBreaker latest;
    private readonly ShardBreaker tokens;
    private readonly ShardBreaker reads;
    private readonly CallGate gate;

    /// <summary>Guards a shard.</summary>
    /// <param name="inner">The engine of one shard; disposed with this store.</param>
    /// <param name="options">Deadlines and limits.</param>
    /// <param name="time">The clock.</param>
    public GuardedStore(IStore inner, GuardOptions options, TimeProvider time)
        : base(inner)
    {
        var shard = inner.Shards[0];
        commits = new(shard, "commits", options, deadline: null, time);
        latest = new(shard, "latest", options, options.ReadDeadline, time);
        tokens = new(shard, "tokens", options, options.ReadDeadline, time);
        reads = new(shard, "reads", options, options.ReadDeadline, time);
        gate = new(options.Places, options.MaxWait, time);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        commits.RunAsync(static (call, stop) => call.Inner.CommitAsync(call.changes, stop), (Inner, changes), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        For(after).RunAsync(static (call, stop) => call.Inner.UsersAsync(call.ids, call.after, stop), (Inner, ids, after), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        For(after).RunAsync(static (call, stop) => call.Inner.PostsAsync(call.ids, call.after, stop), (Inner, ids, after), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        QueuedAsync(For(after), stop => Inner.NewestPostsAsync(authors, limit, after, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        QueuedAsync(For(after), stop => Inner.UserByEmailAsync(email, after, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        QueuedAsync(For(after), stop => Inner.ListAsync(query, after, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        QueuedAsync(For(after), stop => Inner.HistoryAsync(user, afterSequence, limit, after, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<Read<User>?> PastStateAsync(UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        QueuedAsync(For(after), stop => Inner.PastStateAsync(user, when, after, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<IdempotencyRecord?> OutcomeAsync(BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation) =>
        QueuedAsync(latest, stop => Inner.OutcomeAsync(bucket, principal, keyHash, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        QueuedAsync(latest, stop => Inner.StandingAsync(user, stop), cancellation);

    /// <inheritdoc/>
    public override ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        QueuedAsync(latest, stop => Inner.ClaimAsync(email, stop), cancellation);

    /// <summary>What is wrong with the shard; when nothing is, its breakers close.</summary>
    public override async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation)
    {
        var troubles = await base.CheckAsync(cancellation);
        if (troubles.Count == 0)
        {
            foreach (var breaker in (ShardBreaker[])[commits, latest, tokens, reads])
            {
                await breaker.CloseAsync(cancellation);
            }
        }

        return troubles;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        gate.Dispose();
    }

    private ShardBreaker For(ConsistencyToken after) =>
        after.IsLatest ? latest : after.Positions.Count > 0 ? tokens : reads;

    private ValueTask<T> QueuedAsync<T>(ShardBreaker breaker, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        gate.RunAsync(
            static (what, stop) => what.breaker.RunAsync(static (call, token) => call(token), what.call, stop),
            (breaker, call),
            cancellation);
}
