using System.Diagnostics;
using System.Diagnostics.Metrics;
using Roster.Core.Ids;

namespace Roster.Core.Storage.Batching;

/// <summary>What batching tells about itself, by kind of batch (<c>commits</c>, <c>users</c>, <c>posts</c>, <c>effects</c>) and shard.</summary>
internal sealed class BatchingMetrics
{
    private static readonly Meter Meter = new("Roster");

    private static readonly Histogram<int> Sizes = Meter.CreateHistogram(
        "roster.batch.size", "{item}", "Items per batch", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500] });

    private static readonly InstrumentAdvice<double> Times =
        new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private static readonly Histogram<double> Waits =
        Meter.CreateHistogram("roster.batch.wait", "s", "How long the oldest item of a batch has waited for it", tags: null, Times);

    private static readonly Histogram<double> Durations =
        Meter.CreateHistogram("roster.batch.duration", "s", "How long a batch was under way", tags: null, Times);

    private static readonly UpDownCounter<int> Queued =
        Meter.CreateUpDownCounter<int>("roster.batch.queued", "{item}", "Items waiting for a batch");

    private static readonly Counter<int> Refused =
        Meter.CreateCounter<int>("roster.batch.refused", "{item}", "Items refused because too many were waiting");

    private readonly KeyValuePair<string, object?>[] tags;

    public BatchingMetrics(string kind, ShardId? shard) =>
        tags = shard is { } known ? [new("kind", kind), new("shard", known.Value)] : [new("kind", kind)];

    /// <summary>A batch starts.</summary>
    /// <param name="size">Items.</param>
    /// <param name="oldest">Since when the first of them has waited, as <see cref="Stopwatch"/> counts.</param>
    public void Started(int size, long oldest)
    {
        Sizes.Record(size, tags);
        Waits.Record(Stopwatch.GetElapsedTime(oldest).TotalSeconds, tags);
    }

    /// <summary>A batch has ended.</summary>
    public void Ended(long start) => Durations.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);

    /// <summary>The queue has grown, or shrunk.</summary>
    public void Moved(int items) => Queued.Add(items, tags);

    /// <summary>A caller was told that the store is busy.</summary>
    public void WasBusy(int items) => Refused.Add(items, tags);
}
