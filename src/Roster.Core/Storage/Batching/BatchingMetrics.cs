using System.Diagnostics.Metrics;

namespace Roster.Core.Storage.Batching;

/// <summary>What batching tells about itself, by kind of batch: <c>commits</c>, <c>users</c>, <c>posts</c>.</summary>
internal sealed class BatchingMetrics(string kind)
{
    private static readonly Meter Meter = new("Roster");

    private static readonly Histogram<int> Sizes =
        Meter.CreateHistogram<int>("roster.batch.size", "{item}", "Items per batch");

    private static readonly UpDownCounter<int> Queued =
        Meter.CreateUpDownCounter<int>("roster.batch.queued", "{item}", "Items waiting for a batch");

    private static readonly Counter<int> Refused =
        Meter.CreateCounter<int>("roster.batch.refused", "{item}", "Items refused because too many were waiting");

    private readonly KeyValuePair<string, object?> tag = new("kind", kind);

    /// <summary>A batch starts.</summary>
    public void Started(int size) => Sizes.Record(size, tag);

    /// <summary>The queue has grown, or shrunk.</summary>
    public void Moved(int items) => Queued.Add(items, tag);

    /// <summary>A caller was told that the store is busy.</summary>
    public void WasBusy(int items) => Refused.Add(items, tag);
}
