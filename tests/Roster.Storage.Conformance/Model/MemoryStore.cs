using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Conformance.Model;

/// <summary>
/// The contract as plainly as it can be said: one lock, dictionaries, timeline 1. It is the oracle that engines are
/// compared with, so it is written to be read, not to be fast, and shares nothing with them but Core. As the model of
/// several shards it keeps an outbox and idempotency keys for each; all else is one transaction still.
/// </summary>
/// <param name="encoders">How states become bodies.</param>
/// <param name="shards">The shards it plays.</param>
/// <param name="shardOf">Which of them owns a bucket.</param>
public sealed partial class MemoryStore(StateEncoders encoders, IReadOnlyList<ShardId> shards, Func<BucketId, ShardId> shardOf)
    : IStore, IRebuildableStore
{
    private const long Timeline = 1;

    private readonly Lock gate = new();
    private readonly Dictionary<UserId, User> users = [];
    private readonly Dictionary<PostId, Post> posts = [];
    private readonly Dictionary<ClaimKey, HeldClaim> claims = [];
    private readonly Dictionary<UserId, Standing> standings = [];
    private readonly Dictionary<UserId, List<RecordedEvent>> streams = [];
    private readonly Dictionary<(ShardId Shard, string Principal, Hash256 Key), IdempotencyRecord> outcomes = [];
    private readonly Dictionary<ShardId, MemoryOutbox> outboxes = shards.ToDictionary(shard => shard, _ => new MemoryOutbox());
    private long commits;

    /// <summary>One shard, the control shard.</summary>
    public MemoryStore(StateEncoders encoders)
        : this(encoders, [ShardId.Control], _ => ShardId.Control)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShardId> Shards { get; } = shards;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        if (changes.DistinctBy(c => c.User).Count() != changes.Count)
        {
            throw new ArgumentException("A batch must not hold two changes of one user.", nameof(changes));
        }

        lock (gate)
        {
            return Done<IReadOnlyList<ChangeResult>>([.. changes.Select(Commit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done(outcomes.GetValueOrDefault((shardOf(bucket), principal, keyHash)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation) =>
        Done<IReadOnlyList<ShardTrouble>>([]);

    /// <summary>Does nothing: what is in memory stays, so that one instance can play a store that is closed and opened again.</summary>
    public ValueTask DisposeAsync() => default;

    private static ValueTask<T> Done<T>(T value) => ValueTask.FromResult(value);

    private ChangeResult Commit(Change change)
    {
        var outcome = Judge(change);
        if (outcome == ChangeOutcome.Committed)
        {
            commits++;
            Write(change);
        }

        return new ChangeResult(outcome, ConsistencyToken.Of(Now(change.User.Bucket)));
    }

    private ChangeOutcome Judge(Change change)
    {
        if (change.Idempotency is { } record && outcomes.ContainsKey((shardOf(change.User.Bucket), record.Principal, record.KeyHash)))
        {
            return ChangeOutcome.KeyUsed;
        }

        if ((users.GetValueOrDefault(change.User)?.Sequence ?? 0) != change.ExpectedSequence)
        {
            return ChangeOutcome.Stale;
        }

        var standing = standings.GetValueOrDefault(change.User);
        if (standing.Intent?.Id != change.ExpectedIntent
            || (change.Intent is { } next && next.Id != standing.Intent?.Id && next.Fence <= standing.Fence))
        {
            return ChangeOutcome.Stale;
        }

        var wanted = change.Claims.Where(c => c.Take).Select(c => c.Key)
            .Concat(change.Reservations.Where(r => r.Step == ReservationStep.Reserve).Select(r => r.Key));
        return wanted.Any(key => claims.TryGetValue(key, out var held) && held.User != change.User) ? ChangeOutcome.EmailTaken : ChangeOutcome.Committed;
    }

    private void Write(Change change)
    {
        if (change.Next is { } next)
        {
            users[change.User] = next;
        }

        foreach (var post in change.Posts)
        {
            if (post.Next is { } state)
            {
                posts[post.Id] = state;
            }
            else
            {
                posts.Remove(post.Id);
            }
        }

        foreach (var claim in change.Claims)
        {
            if (claim.Take)
            {
                claims[claim.Key] = new(change.User, standings.GetValueOrDefault(change.User).Fence, null);
            }
            else if (claims.GetValueOrDefault(claim.Key).User == change.User)
            {
                claims.Remove(claim.Key);
            }
        }

        WriteIntent(change);

        foreach (var recorded in change.Events)
        {
            StreamOf(change.User).Add(recorded);
            outboxes[shardOf(change.User.Bucket)].Add(Timeline, users[change.User].Tenant, recorded);
        }

        if (change.Idempotency is { } record)
        {
            outcomes.Add((shardOf(change.User.Bucket), record.Principal, record.KeyHash), record);
        }
    }

    private Position Now(BucketId bucket) => new(shardOf(bucket), Timeline, commits);

    private List<RecordedEvent> StreamOf(UserId user)
    {
        if (!streams.TryGetValue(user, out var stream))
        {
            streams.Add(user, stream = []);
        }

        return stream;
    }
}
