using Confluent.Kafka;
using Roster.Core.Events;

namespace Roster.Kafka;

/// <summary>
/// Publishes to Kafka; several calls may run at once. For each user, whatever has reached the topic is without gaps and in
/// order, if duplicates are left out: see <see cref="PublishCall"/>. A call ends within <c>message.timeout.ms</c> of Kafka's silence.
/// </summary>
/// <param name="options">Where to.</param>
public sealed class KafkaPublisher(KafkaOptions options) : IEventPublisher, IDisposable
{
    private readonly Lock gate = new();
    private SharedProducer? current;
    private bool disposed;

    /// <inheritdoc/>
    public async Task PublishAsync(IReadOnlyList<EventMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (messages.Count == 0)
        {
            return;
        }

        var producer = Enter();
        var call = new PublishCall(producer.Producer, options.Topic, messages);
        var running = call.RunAsync();

        // The producer is left when nothing is under way any more, even if this caller has stopped waiting by then.
        var left = running.ContinueWith(_ => producer.Leave(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            if (await running.WaitAsync(cancellation) is { } error)
            {
                // A fatal error hides behind the failure of each message.
                throw new PublishException(Sentences.Of(producer.Fatal ?? error, options, producer.LastTrouble));
            }
        }
        catch (OperationCanceledException)
        {
            call.Abandon();
            throw;
        }

        await left;
    }

    /// <summary>Ends it: what is still under way may or may not be published.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            current?.Retire();
            current = null;
        }
    }

    /// <summary>A producer that met a fatal error refuses everything for ever; the next call gets another.</summary>
    private SharedProducer Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (current?.Fatal is { } fatal)
            {
                options.Tell($"{Sentences.Of(fatal, options, current.LastTrouble)} The producer is replaced.");
                current.Retire();
                current = null;
            }

            current ??= Sentences.Accepted(() => new SharedProducer(options));
            current.Enter();
            return current;
        }
    }
}
