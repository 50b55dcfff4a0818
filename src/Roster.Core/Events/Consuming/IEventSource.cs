using Roster.Core.Events.Publishing;

namespace Roster.Core.Events.Consuming;

/// <summary>Where a consumer's events come from: a broker, or the outboxes themselves.</summary>
public interface IEventSource
{
    /// <summary>
    /// Hands events over until cancelled, and remembers how far it has come only when a batch has been handled: so every
    /// event comes at least once, for each user in order (leaving out those that come again), and a user's events are never
    /// in two batches at the same time. Batches of different parts (partitions, shards) may come at the same time.
    /// An outage is waited out in here.
    /// </summary>
    /// <param name="consumer">The consumer's name, which names its group.</param>
    /// <param name="handle">Takes a batch.</param>
    /// <param name="cancellation">Ends it; what the source holds is given back, so that another process goes on at once.</param>
    Task RunAsync(string consumer, EventBatchHandler handle, CancellationToken cancellation);
}

/// <summary>
/// Ends when every event of a batch has its effect remembered, is parked, or was passed over; that can take long, while
/// what the consumer needs is away. It throws only when cancelled.
/// </summary>
/// <param name="batch">Events in the order in which they came.</param>
/// <param name="cancellation">Whoever is cancelled has lost the events to another process, or is to stop.</param>
public delegate Task EventBatchHandler(IReadOnlyList<EventMessage> batch, CancellationToken cancellation);
