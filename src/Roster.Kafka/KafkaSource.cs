using Roster.Core.Events.Consuming;

namespace Roster.Kafka;

/// <summary>Events from the topic: each consumer is a group of its own, whose members share the partitions.</summary>
/// <param name="options">Where from.</param>
public sealed class KafkaSource(KafkaOptions options) : IEventSource
{
    /// <inheritdoc/>
    /// <exception cref="KafkaOutageException">A setting will not do, or Kafka refuses for good.</exception>
    public Task RunAsync(string consumer, EventBatchHandler handle, CancellationToken cancellation) =>
        new KafkaConsumer(options, consumer).RunAsync(
            (records, lost) => handle(ReceivedEvents.Among(consumer, records.Select(record => record.Value)), lost), cancellation);
}
