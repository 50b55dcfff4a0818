using System.Diagnostics;
using Roster.Core.Events.Outboxes;
using Roster.Core.Telemetry;

namespace Roster.Core.Events.Publishing;

/// <summary>
/// Publishes what has committed, and nothing else, from every shard's outbox in commit order.
/// <para>Each event is published at least once, and for every user the first occurrences are in order and without gaps, although a
/// process that was paused may publish beside its successor. For let a run be what one process publishes while it has a
/// shard. A run begins at a saved position, and a position is saved only when everything up to it is acknowledged. So, when a
/// run publishes an event, every earlier one of its user is on the topic already: it lies before the run's beginning, or the
/// run itself has published it, and waited for it. That holds of every run, whatever others do meanwhile: what a
/// late run adds is either the next in order, or a repetition. Who reads the topic drops repetitions by the user's sequence.</para>
/// </summary>
public sealed class Relay(OutboxReaders outboxes, IEventPublisher publisher, TimeProvider time) : IEventWork
{
    /// <summary>As positions, leases and metrics name it.</summary>
    public const string Name = "relay";

    /// <summary>What is being published when it is stopped may end: else it would be published again.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellation) => outboxes.RunAsync(Name, PublishAsync, cancellation);

    private async Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellation)
    {
        using var span = Spans.Begin("relay publish", ActivityKind.Producer);
        span?.SetTag("messaging.batch.message_count", events.Count);
        using var late = new Lateness(Grace, time, cancellation);
        try
        {
            await publisher.PublishAsync(events, late.Token);
        }
        catch (Exception e) when (Spans.Failed(span, e))
        {
            throw;
        }
    }
}
