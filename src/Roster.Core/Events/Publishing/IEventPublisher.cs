namespace Roster.Core.Events.Publishing;

/// <summary>Where committed events go: a broker, or consumers in this process.</summary>
public interface IEventPublisher : IAsyncDisposable
{
    /// <summary>
    /// Publishes events in their order; ends when every one is acknowledged. Events of one user must never overtake each
    /// other, not through retries either; events of different users may.
    /// </summary>
    /// <param name="events">In commit order.</param>
    /// <param name="cancellation">Stops waiting; what was sent may arrive all the same.</param>
    /// <exception cref="PublishException">Some may not have arrived. Nothing of this call is under way any more, and the
    /// caller publishes all of them again.</exception>
    Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellation);
}

/// <summary>Events could not be published; a sentence says why.</summary>
public sealed class PublishException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Encodes an event as a CloudEvent, UTF-8 JSON; it comes from the API, which shows the same bytes.</summary>
public delegate ReadOnlyMemory<byte> EventEncoder(RecordedEvent recorded);
