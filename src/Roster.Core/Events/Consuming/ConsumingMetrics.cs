using System.Diagnostics.Metrics;

namespace Roster.Core.Events.Consuming;

/// <summary>What consumers tell about themselves, by name of the consumer.</summary>
internal static class ConsumingMetrics
{
    private static readonly Meter Meter = new("Roster");

    private static readonly Counter<long> Seen =
        Meter.CreateCounter<long>("roster.consumer.events", "{event}", "Events taken in, by what became of them: effect, repeated, unwanted, parked, foreign");

    private static readonly Counter<long> Failed =
        Meter.CreateCounter<long>("roster.consumer.failures", "{failure}", "Attempts that failed: poison, retry, unavailable");

    private static readonly UpDownCounter<int> Paused =
        Meter.CreateUpDownCounter<int>("roster.consumer.paused", "{consumer}", "1 while what a consumer needs is away");

    /// <summary>Messages of others were passed over.</summary>
    public static void Foreign(string consumer) => Count(consumer, "foreign", 1);

    /// <summary>What became of events.</summary>
    public static void Count(string consumer, string outcome, int events)
    {
        if (events > 0)
        {
            Seen.Add(events, new("consumer", consumer), new("outcome", outcome));
        }
    }

    /// <summary>An attempt failed.</summary>
    public static void Failure(string consumer, string kind) => Failed.Add(1, new("consumer", consumer), new("kind", kind));

    /// <summary>The consumer has stopped for an outage (+1), or goes on (-1).</summary>
    public static void Pausing(string consumer, int change) => Paused.Add(change, new KeyValuePair<string, object?>("consumer", consumer));

}
