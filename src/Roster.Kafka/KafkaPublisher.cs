using Confluent.Kafka;
using Roster.Core.Events.Publishing;

namespace Roster.Kafka;

/// <summary>
/// Publishes to Kafka; several calls may run at once. For each user, whatever has reached the topic is without gaps and in
/// order, if duplicates are left out: see <see cref="PublishCall"/>. A call ends within <c>message.timeout.ms</c> of Kafka's silence.
/// </summary>
public sealed class KafkaPublisher : IEventPublisher
{
    private readonly KafkaOptions options;
    private readonly Lock gate = new();
    private SharedProducer? current;

    /// <summary>Checks the settings; connects when there is something to publish.</summary>
    /// <exception cref="KafkaOutageException">A setting will not do.</exception>
    public KafkaPublisher(KafkaOptions options)
    {
        this.options = options;
        current = Make();
    }

    /// <inheritdoc/>
    public async Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (events.Count == 0)
        {
            return;
        }

        var producer = Enter();
        var call = new PublishCall(producer.Producer, options.Topic, events);
        var running = call.RunAsync();

        // The producer is left when nothing is under way any more, even if this caller has stopped waiting by then.
        var left = running.ContinueWith(_ => producer.Leave(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            if (await running.WaitAsync(cancellation) is { } error)
            {
                // A fatal error hides behind the failure of each message.
                throw new PublishException(await ExplainAsync(producer.Fatal ?? error, producer.LastTrouble, cancellation));
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
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            current?.Leave();
            current = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A producer that met a fatal error refuses everything for ever; the next call gets another.</summary>
    private SharedProducer Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(current is null, this);
            if (current.Fatal is { } fatal)
            {
                options.Tell($"{Sentences.Of(fatal, options, current.LastTrouble)} The producer is replaced.");
                current.Leave();
                current = Make();
            }

            current.Enter();
            return current;
        }
    }

    /// <summary>A message waits for a topic that is missing as it does for a broker that is silent: then it is asked which it was.</summary>
    private async Task<string> ExplainAsync(Error error, string? trouble, CancellationToken cancellation)
    {
        if (error.Code == ErrorCode.Local_MsgTimedOut && trouble is null)
        {
            try
            {
                var missing = await KafkaTopic.FindAsync(options, cancellation) is null;
                return Sentences.Of(missing ? new Error(ErrorCode.UnknownTopicOrPart) : error, options, trouble);
            }
            catch (KafkaOutageException e)
            {
                return e.Message;
            }
        }

        return Sentences.Of(error, options, trouble);
    }

    private SharedProducer Make() => Sentences.Accepted(() => new SharedProducer(options));
}
