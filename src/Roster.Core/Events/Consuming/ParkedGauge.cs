using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Roster.Core.Events.Consuming;

/// <summary>How many events are parked, told by whoever tries them again.</summary>
internal sealed class ParkedGauge : IDisposable
{
    private static readonly ConcurrentDictionary<ParkedGauge, bool> Open = [];
    private readonly string consumer;
    private long? count;

    static ParkedGauge() => new Meter("Roster").CreateObservableGauge(
        "roster.consumer.parked",
        () => Open.Keys.Where(gauge => gauge.count is not null).Select(gauge => new Measurement<long>(gauge.count!.Value, new KeyValuePair<string, object?>("consumer", gauge.consumer))),
        "{event}",
        "Events that are parked");

    public ParkedGauge(string consumer)
    {
        this.consumer = consumer;
        Open.TryAdd(this, true);
    }

    public void Set(long events) => count = events;

    public void Dispose() => Open.TryRemove(this, out _);
}
