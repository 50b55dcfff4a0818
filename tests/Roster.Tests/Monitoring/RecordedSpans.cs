using System.Collections.Concurrent;
using System.Diagnostics;
using Roster.Core.Telemetry;

namespace Roster.Tests.Monitoring;

/// <summary>
/// Records Roster's own spans of whatever begins in the flow that made this, and no others: tests beside it have theirs.
/// </summary>
internal sealed class RecordedSpans : IDisposable
{
    private static readonly AsyncLocal<RecordedSpans?> OfFlow = new();

    private readonly ConcurrentQueue<Activity> ended = [];
    private readonly ActivityListener listener;

    public RecordedSpans()
    {
        OfFlow.Value = this;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => IsOurs ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (IsOurs)
                {
                    ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Those that have ended, in that order.</summary>
    public IReadOnlyList<Activity> Ended => [.. ended];

    private bool IsOurs => OfFlow.Value == this;

    public void Dispose() => listener.Dispose();
}
