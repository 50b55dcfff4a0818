using Confluent.Kafka;

namespace Roster.Kafka;

/// <summary>A producer that calls share, closed when its publisher and the last of them have left: a closed one reports nothing.</summary>
internal sealed class SharedProducer
{
    private readonly KafkaOptions options;
    private volatile Error? fatal;
    private volatile string? lastTrouble;

    /// <summary>Calls, and one for the publisher that holds it.</summary>
    private int users = 1;

    public SharedProducer(KafkaOptions options)
    {
        this.options = options;
        Producer = new ProducerBuilder<byte[], byte[]>(ClientSettings.Producer(options))
            .SetErrorHandler((_, error) => Note(error))
            .SetLogHandler((_, log) => options.Tell($"Kafka's producer: {log.Message}"))
            .Build();
    }

    public IProducer<byte[], byte[]> Producer { get; }

    /// <summary>What made it useless; null while it is not.</summary>
    public Error? Fatal => fatal;

    /// <summary>What it last complained of.</summary>
    public string? LastTrouble => lastTrouble;

    public void Enter() => Interlocked.Increment(ref users);

    public void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            Producer.Dispose();
        }
    }

    private void Note(Error error)
    {
        if (error.IsFatal)
        {
            fatal = error;
        }
        else if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            lastTrouble = error.Reason;
        }

        options.Tell($"Kafka's producer: {error.Reason}");
    }
}
