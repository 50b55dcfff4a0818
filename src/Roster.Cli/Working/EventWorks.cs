using System.Security.Cryptography;
using Roster.Api;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Outboxes;
using Roster.Core.Events.Publishing;
using Roster.Email;
using Roster.Kafka;

namespace Roster.Cli.Working;

/// <summary>
/// What is done beside requests, put together; every consumer is listed here. With a broker the relay publishes, and they
/// read from the topic; without one they read the outboxes themselves.
/// </summary>
internal sealed class EventWorks(RosterSettings settings, OpenedStorage storage, NoticeSink tell) : IEventWork
{
    /// <summary>The embedded store has one process at a time: whoever opens it next goes on under the same name, and waits for no lease.</summary>
    private const string EmbeddedHolder = "embedded";

    private static readonly TimeSpan EmbeddedLease = TimeSpan.FromSeconds(30);

    private readonly ReadingOptions reading = settings.Postgres is null
        ? new ReadingOptions { Holder = EmbeddedHolder, Lease = EmbeddedLease }
        : new ReadingOptions { Holder = $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}" };

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var outboxes = new OutboxReaders(
            storage.Store, storage.Control, storage.Progress, RosterApi.EventEncoder, reading, TimeProvider.System, tell);
        await using var mails = new SignUpMails(settings.Email, TimeProvider.System);
        IEventConsumer[] consumers = [mails];
        if (settings.Kafka is not { } broker)
        {
            await RunAsync(consumers, new OutboxSource(outboxes), cancellation);
            return;
        }

        var kafka = broker with { Tell = sentence => tell(new Notice(IsLoss: false, sentence)) };
        await using var publisher = new KafkaPublisher(kafka);
        var relay = new Relay(outboxes, publisher, TimeProvider.System);
        await Task.WhenAll(relay.RunAsync(cancellation), RunAsync(consumers, new KafkaSource(kafka), cancellation));
    }

    private Task RunAsync(IEnumerable<IEventConsumer> consumers, IEventSource source, CancellationToken cancellation) =>
        Task.WhenAll(consumers.Select(consumer => Runner(consumer, source).RunAsync(cancellation)));

    private ConsumerRunner Runner(IEventConsumer consumer, IEventSource source) => new(
        consumer,
        source,
        storage.Control,
        storage.Progress,
        new ConsumerOptions { Holder = reading.Holder, Lease = reading.Lease },
        TimeProvider.System,
        tell);
}
