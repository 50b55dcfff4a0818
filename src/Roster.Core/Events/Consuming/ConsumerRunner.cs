using Roster.Core.Storage;

namespace Roster.Core.Events.Consuming;

/// <summary>Runs one consumer: events from its source, and those that are parked when their time comes.</summary>
/// <param name="consumer">The consumer.</param>
/// <param name="source">Where its events come from.</param>
/// <param name="control">Where leases are.</param>
/// <param name="progress">Where effects are remembered, and events are parked.</param>
/// <param name="options">How.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Takes notices.</param>
public sealed class ConsumerRunner(
    IEventConsumer consumer, IEventSource source, IControlStore control, IProgressStore progress, ConsumerOptions options, TimeProvider time, NoticeSink tell) : IEventWork
{
    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(options.Parallelism, options.Parallelism);
        var attempts = new Attempts(consumer, new OutageGate(consumer.Name, options.Outage, time, tell), options, time);
        var books = new Bookkeeping(progress, consumer.Name, options, time);
        var batches = new BatchHandling(consumer, attempts, books, places, options, time, tell);
        var retries = new ParkedRetries(consumer, attempts, books, control, progress, options, time, tell);

        // A source that cannot go on, because of a wrong setting, ends the rest too.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var works = new[] { source.RunAsync(consumer.Name, batches.RunAsync, end.Token), retries.RunAsync(end.Token) };
        await Task.WhenAny(works);
        await end.CancelAsync();
        await Task.WhenAll(works);
    }
}
