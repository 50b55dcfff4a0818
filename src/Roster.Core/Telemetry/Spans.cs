using System.Diagnostics;

namespace Roster.Core.Telemetry;

/// <summary>Spans of Roster's own work. While nobody listens, all of this costs a comparison.</summary>
public static class Spans
{
    /// <summary>The activity source that exporters ask for.</summary>
    public const string Source = "Roster";

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsOn => Activities.HasListeners();

    /// <summary>The caller's span; none when it is not recorded.</summary>
    internal static ActivityContext Caller =>
        IsOn && Activity.Current is { Recorded: true } current ? current.Context : default;

    /// <summary>A span that begins a trace, or goes on with one from elsewhere; null when it is not sampled.</summary>
    internal static Activity? Begin(string name, ActivityKind kind, ActivityContext parent = default)
    {
        if (!IsOn)
        {
            return null;
        }

        // What happens to be current is whoever came first, not a cause.
        Activity.Current = null;
        return Activities.StartActivity(name, kind, parent);
    }

    /// <summary>A span inside the caller's; null when that is not recorded.</summary>
    internal static Activity? Within(string name) =>
        IsOn && Activity.Current is { Recorded: true } ? Activities.StartActivity(name) : null;

    /// <summary>A span that belongs to several callers: inside the first one's, linked to the others'; null when none is recorded.</summary>
    internal static Activity? Shared(string name, IEnumerable<ActivityContext> callers)
    {
        Activity.Current = null;
        var recorded = callers.Where(caller => caller != default).Distinct().Take(MaxLinks + 1).ToList();
        return recorded is [var first, ..]
            ? Activities.StartActivity(name, ActivityKind.Internal, first, tags: null, recorded.Skip(1).Select(caller => new ActivityLink(caller)))
            : null;
    }

    /// <summary>Collectors cut off more than 128 links.</summary>
    private const int MaxLinks = 128;

    /// <summary>Marks a span as failed; never catches, so that it can be a filter.</summary>
    internal static bool Failed(Activity? span, Exception reason)
    {
        span?.SetStatus(ActivityStatusCode.Error, reason.GetType().Name);
        return false;
    }
}
