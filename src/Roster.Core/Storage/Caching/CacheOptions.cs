namespace Roster.Core.Storage.Caching;

/// <summary>Limits of one shard's cache on one node.</summary>
public sealed record CacheOptions
{
    /// <summary>Bytes of rows in memory, as estimated; 0 keeps nothing.</summary>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The oldest a row in memory may become: a cap for what no event tells of, such as a row that <c>rebuild</c> put right.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A read without a token is served from here only if the outbox was heard no longer ago than this.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Changed rows that are remembered twice over: what a slow reader or a replica may lag behind.</summary>
    public int Remembered { get; init; } = 100_000;
}
