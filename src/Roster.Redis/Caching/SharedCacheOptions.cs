namespace Roster.Redis.Caching;

/// <summary>How nodes share rows.</summary>
public sealed record SharedCacheOptions
{
    /// <summary>Tells this cluster's keys from others' in the same Redis.</summary>
    public required string Namespace { get; init; }

    /// <summary>Rows go so long after they were put in.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Changed rows that Redis remembers of a shard, twice over: what a slow reader or a replica may lag behind.</summary>
    public int Remembered { get; init; } = 50_000;

    /// <summary>How long a node waits for others to tell what it cannot, before all that is shared of the shard begins anew.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
