using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Roster.Core.Ids;

namespace Roster.Core.Events.Outboxes;

/// <summary>What readers of outboxes tell about themselves, by reader: <c>relay</c>, <c>consumer/mail</c>.</summary>
internal sealed class ReadingMetrics : IDisposable
{
    private static readonly Meter Meter = new("Roster");
    private static readonly ConcurrentDictionary<ReadingMetrics, bool> Open = [];

    private static readonly Counter<long> Delivered =
        Meter.CreateCounter<long>("roster.outbox.delivered", "{event}", "Events delivered: published, or handled by a consumer in process");

    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("roster.outbox.failures", "{failure}", "Pages that could not be read or delivered, and were tried again");

    private static readonly Counter<long> Losses =
        Meter.CreateCounter<long>("roster.outbox.expired", "{time}", "Times that entries had expired before they were read");

    private readonly string reader;
    private readonly ShardId shard;
    private readonly TimeProvider time;
    private readonly KeyValuePair<string, object?> tag;
    private long upTo;

    static ReadingMetrics()
    {
        Meter.CreateObservableGauge(
            "roster.outbox.lag", () => Open.Keys.Select(reading => new Measurement<double>(reading.Lag, reading.Tags)), "s", "Age of the oldest event that is not delivered; 0 when all are");
        Meter.CreateObservableGauge(
            "roster.outbox.leases", () => Open.Keys.GroupBy(reading => reading.reader).Select(group => new Measurement<int>(group.Count(), Tag(group.Key))), "{shard}", "Shards that this process reads");
    }

    public ReadingMetrics(string reader, ShardId shard, TimeProvider time)
    {
        this.reader = reader;
        this.shard = shard;
        this.time = time;
        tag = Tag(reader);
        IsCaughtUp();
        Open.TryAdd(this, true);
    }

    private double Lag => Math.Max(0, (time.GetUtcNow() - new DateTimeOffset(Volatile.Read(ref upTo), TimeSpan.Zero)).TotalSeconds);

    private KeyValuePair<string, object?>[] Tags => [tag, new("shard", shard.Value)];

    /// <summary>There is nothing to deliver now. While nobody can say whether there is, the lag grows.</summary>
    public void IsCaughtUp() => Volatile.Write(ref upTo, time.GetUtcNow().UtcTicks);

    /// <summary>An event of this time is the next to be delivered.</summary>
    public void IsAt(DateTimeOffset oldest) => Volatile.Write(ref upTo, oldest.UtcTicks);

    public void HasDelivered(int events) => Delivered.Add(events, tag);

    public void HasFailed() => Failures.Add(1, tag);

    public void HasLost() => Losses.Add(1, tag);

    public void Dispose() => Open.TryRemove(this, out _);

    private static KeyValuePair<string, object?> Tag(string reader) => new("reader", reader);
}
