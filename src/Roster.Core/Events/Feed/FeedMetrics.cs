using System.Diagnostics.Metrics;

namespace Roster.Core.Events.Feed;

/// <summary>What the feed tells about itself.</summary>
internal static class FeedMetrics
{
    private static readonly Meter Meter = new("Roster");

    private static readonly UpDownCounter<int> Streams =
        Meter.CreateUpDownCounter<int>("roster.events.streams", "{stream}", "Open streams of events");

    private static readonly Counter<int> Ended =
        Meter.CreateCounter<int>("roster.events.streams.ended", "{stream}", "Streams that ended, by reason");

    public static void Opened() => Streams.Add(1);

    public static void Closed(FeedEnd? reason)
    {
        Streams.Add(-1);
        Ended.Add(1, new KeyValuePair<string, object?>("reason", (reason ?? FeedEnd.Left).ToString()));
    }
}
