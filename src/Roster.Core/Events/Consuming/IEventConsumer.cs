using Roster.Core.Events.Publishing;

namespace Roster.Core.Events.Consuming;

/// <summary>Something that happens because of an event, such as an e-mail.</summary>
public interface IEventConsumer
{
    /// <summary>Names the consumer's group and its remembered effects, for ever.</summary>
    string Name { get; }

    /// <summary>Whether an event of this type has an effect here; others are passed over.</summary>
    bool Wants(string type);

    /// <summary>
    /// Brings the effect about. Called in order for each user, for different users at the same time; called again with the
    /// same event when a crash came before the effect was remembered.
    /// </summary>
    /// <exception cref="PoisonEventException">This event can never succeed: it is parked for a person to look at.</exception>
    /// <exception cref="ConsumerUnavailableException">Nothing can succeed now: this consumer pauses, with growing delays.</exception>
    /// <exception cref="Exception">Anything else: this event is tried again, with growing delays and in the end parked; others go on.</exception>
    Task HandleAsync(EventMessage message, CancellationToken cancellation);
}

/// <summary>An event that a consumer will never manage; a sentence says why.</summary>
public sealed class PoisonEventException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a consumer needs is away, for every event; a sentence says what.</summary>
public sealed class ConsumerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
