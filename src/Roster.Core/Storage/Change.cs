using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>
/// Everything that one request changes, for one user: it commits whole or not at all, and stands or falls alone in
/// its batch. Each event also enters the outbox.
/// </summary>
public sealed record Change
{
    /// <summary>Whose stream it extends. Its bucket is where everything but claims lies.</summary>
    public required UserId User { get; init; }

    /// <summary>The sequence the user must have now: 0 when the user must not exist yet. A user of another shard has 0.</summary>
    public required long ExpectedSequence { get; init; }

    /// <summary>The user's new state; null when only records, intents or reservations are to be written.</summary>
    public User? Next { get; init; }

    /// <summary>Posts written or removed.</summary>
    public IReadOnlyList<PostWrite> Posts { get; init; } = [];

    /// <summary>The events that lead to <see cref="Next"/>, numbered on from <see cref="ExpectedSequence"/>.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; init; } = [];

    /// <summary>E-mails taken and given back, as listed; giving back what is another user's does nothing. A new user's
    /// e-mail lies in the user's own shard.</summary>
    public IReadOnlyList<ClaimWrite> Claims { get; init; } = [];

    /// <summary>The record that lets a retry find this outcome.</summary>
    public IdempotencyRecord? Idempotency { get; init; }

    /// <summary>The intent that must stand on the user's row now; null: there must be none.</summary>
    public Guid? ExpectedIntent { get; init; }

    /// <summary>The intent that stands there afterwards; null for none. A new one must have a higher fence than all before.</summary>
    public Intent? Intent { get; init; }

    /// <summary>Steps of an intent of a user who lives in another shard.</summary>
    public IReadOnlyList<Reservation> Reservations { get; init; } = [];
}

/// <summary>A post's new state, or null with its id to remove it.</summary>
public readonly record struct PostWrite(PostId Id, Post? Next);

/// <summary>The key of an e-mail's claim; its bucket is the e-mail's own (<see cref="Placement"/>).</summary>
public readonly record struct ClaimKey(BucketId Bucket, TenantId Tenant, string EmailKey);

/// <summary>An e-mail taken for the change's user, or given back by it.</summary>
public readonly record struct ClaimWrite(ClaimKey Key, bool Take);
