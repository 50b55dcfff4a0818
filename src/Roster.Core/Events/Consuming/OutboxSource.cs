using Roster.Core.Events.Outboxes;

namespace Roster.Core.Events.Consuming;

/// <summary>Events straight from the outboxes: what there is without a broker.</summary>
public sealed class OutboxSource(OutboxReaders outboxes) : IEventSource
{
    /// <inheritdoc/>
    public Task RunAsync(string consumer, EventBatchHandler handle, CancellationToken cancellation) =>
        outboxes.RunAsync($"consumer/{consumer}", handle, cancellation);
}
