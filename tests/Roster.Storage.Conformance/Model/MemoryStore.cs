using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Conformance.Model;

/// <summary>
/// The contract as plainly as it can be said: one lock, dictionaries, one shard, timeline 1. It is the oracle that
/// engines are compared with, so it is written to be read, not to be fast, and shares nothing with them but Core.
/// </summary>
public sealed partial class MemoryStore(StateEncoders encoders) : IStore, IRebuildableStore
{
    private const long Timeline = 1;

    private readonly Lock gate = new();
    private readonly Dictionary<UserId, User> users = [];
    private readonly Dictionary<PostId, Post> posts = [];
    private readonly Dictionary<ClaimKey, UserId> claims = [];
    private readonly Dictionary<UserId, List<RecordedEvent>> streams = [];
    private readonly Dictionary<(string Principal, Hash256 Key), IdempotencyRecord> outcomes = [];
    private readonly List<OutboxEntry> outbox = [];
    private long commits;
    private long outboxHead;
    private long outboxDropped;

    /// <inheritdoc/>
    public IReadOnlyList<ShardId> Shards { get; } = [ShardId.Control];

    private Position Now => new(ShardId.Control, Timeline, commits);

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
            return Done(outcomes.GetValueOrDefault((principal, keyHash)));
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

        return new ChangeResult(outcome, ConsistencyToken.Of(Now));
    }

    private ChangeOutcome Judge(Change change)
    {
        if (change.Idempotency is { } record && outcomes.ContainsKey((record.Principal, record.KeyHash)))
        {
            return ChangeOutcome.KeyUsed;
        }

        if ((users.GetValueOrDefault(change.User)?.Sequence ?? 0) != change.ExpectedSequence)
        {
            return ChangeOutcome.Stale;
        }

        var taken = change.Claims.Any(c => c.Take && claims.TryGetValue(c.Key, out var owner) && owner != change.User);
        return taken ? ChangeOutcome.EmailTaken : ChangeOutcome.Committed;
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
                claims[claim.Key] = change.User;
            }
            else if (claims.GetValueOrDefault(claim.Key) == change.User)
            {
                claims.Remove(claim.Key);
            }
        }

        foreach (var recorded in change.Events)
        {
            StreamOf(change.User).Add(recorded);
            outbox.Add(new OutboxEntry(new OutboxCursor(Timeline, ++outboxHead), users[change.User].Tenant, recorded));
        }

        if (change.Idempotency is { } record)
        {
            outcomes.Add((record.Principal, record.KeyHash), record);
        }
    }

    private List<RecordedEvent> StreamOf(UserId user)
    {
        if (!streams.TryGetValue(user, out var stream))
        {
            streams.Add(user, stream = []);
        }

        return stream;
    }
}
