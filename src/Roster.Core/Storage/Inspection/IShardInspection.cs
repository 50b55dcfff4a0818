using Roster.Core.Ids;

namespace Roster.Core.Storage.Inspection;

/// <summary>
/// A look into a shard beside the servers that use it, for operators: it reads, and holds nobody up. Every member may
/// throw <see cref="StoreUnavailableException"/>.
/// </summary>
public interface IShardInspection : IDisposable
{
    /// <summary>The schema's version; 0 when there is none, and then there is no content either.</summary>
    long Schema { get; }

    /// <summary>About the number of events.</summary>
    long Events { get; }

    /// <summary>The number of outbox entries.</summary>
    Amount OutboxEntries { get; }

    /// <summary>When the oldest outbox entry was written; null when there is none.</summary>
    DateTimeOffset? OldestOutboxEntry { get; }

    /// <summary>When the newest outbox entry was written; null when there is none.</summary>
    DateTimeOffset? NewestOutboxEntry { get; }

    /// <summary>Intents and reservations of changes of e-mails that are under way, or were left half way.</summary>
    long Unsettled { get; }

    /// <summary>Size of the database in bytes.</summary>
    long DatabaseBytes { get; }

    /// <summary>Users that have an e-mail.</summary>
    /// <param name="buckets">The shard's buckets, from some of which an engine may estimate.</param>
    Amount Users(IReadOnlyList<BucketId> buckets);

    /// <summary>The shard map kept here; null when none is.</summary>
    ShardMap? Map();

    /// <summary>Whether a secret is kept here.</summary>
    bool HasSecret(string name);

    /// <summary>API keys kept here that were not revoked.</summary>
    IReadOnlyList<ApiKey> Keys();
}

/// <summary>How many there are.</summary>
/// <param name="Count">The number.</param>
/// <param name="IsExact">False when it is an estimate.</param>
public readonly record struct Amount(long Count, bool IsExact)
{
    /// <summary>Up to here things are counted, beyond it estimated.</summary>
    public const int CountedExactly = 100_000;
}
