using Roster.Core.Events.Feed;

namespace Roster.Cli.Settings;

/// <summary>Limits of event streams.</summary>
internal static class EventSettings
{
    public static FeedOptions Read(SettingsReader reader)
    {
        var most = reader.Number("Events:MaxStreams", 10_000, 1, 1_000_000);
        return new FeedOptions
        {
            MaxStreams = most,

            // One key alone must not shut the others out, unless somebody says so.
            MaxStreamsPerCaller = reader.Number("Events:MaxStreamsPerKey", Math.Max(1, most / 2), 1, 1_000_000),
        };
    }
}
