using System.Diagnostics.Metrics;

namespace Roster.Core.Storage.Caching;

/// <summary>What the caches of a node tell about themselves.</summary>
public sealed class CacheMetrics : IDisposable
{
    private readonly Meter meter = new("Roster");

    /// <summary>Tells about some caches for as long as it is not disposed.</summary>
    public CacheMetrics(IReadOnlyList<ShardCache> caches)
    {
        Count("roster.cache.hits", "Rows served from this node's memory", cache => cache.Counts.Hits);
        Count("roster.cache.misses", "Rows that were not in memory, or not usable for the request's token", cache => cache.Counts.Misses);
        Count("roster.cache.evicted", "Rows that made room for others", cache => cache.Size.Evicted);
        meter.CreateObservableGauge("roster.cache.rows", () => Each(cache => cache.Size.Rows), "{row}", "Rows in this node's memory");
        meter.CreateObservableGauge("roster.cache.bytes", () => Each(cache => cache.Size.Bytes), "By", "Their estimated size");
        meter.CreateObservableGauge(
            "roster.cache.usable", () => Each(cache => cache.IsUsable ? 1 : 0), unit: null, "1 while the shard's outbox was heard within the bound of staleness; else nothing is served from memory");

        void Count(string name, string what, Func<ShardCache, long> of) => meter.CreateObservableCounter(name, () => Each(of), "{row}", what);

        IEnumerable<Measurement<long>> Each(Func<ShardCache, long> of) =>
            caches.Select(cache => new Measurement<long>(of(cache), new KeyValuePair<string, object?>("shard", cache.Shard.Value)));
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
