using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;

namespace Roster.Storage.Postgres.Inspection;

/// <summary>What a shard's database holds, read at one time.</summary>
internal sealed record ShardContents
{
    /// <summary>The shard it says it is; null before a server has used it.</summary>
    public required int? Shard { get; init; }

    public required Amount Users { get; init; }

    public required long Events { get; init; }

    public required Amount OutboxEntries { get; init; }

    public required DateTimeOffset? OldestOutboxEntry { get; init; }

    public required DateTimeOffset? NewestOutboxEntry { get; init; }

    public required long Unsettled { get; init; }

    public required (long Epoch, IReadOnlySet<BucketId> Buckets) Owned { get; init; }

    public required ShardMap? Map { get; init; }

    public required IReadOnlyList<string> Secrets { get; init; }

    public required IReadOnlyList<ApiKey> Keys { get; init; }
}
