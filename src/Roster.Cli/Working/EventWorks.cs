using System.Security.Cryptography;
using Roster.Api;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Outboxes;

namespace Roster.Cli.Working;

/// <summary>What is done beside requests, put together: without a broker every consumer reads the outboxes itself.</summary>
internal static class EventWorks
{
    /// <summary>The embedded store has one process at a time: whoever opens it next goes on under the same name, and waits for no lease.</summary>
    private const string EmbeddedHolder = "embedded";

    private static readonly TimeSpan EmbeddedLease = TimeSpan.FromSeconds(30);

    /// <summary>Every work of this process.</summary>
    public static IReadOnlyList<IEventWork> Of(RosterSettings settings, OpenedStorage storage, NoticeSink tell)
    {
        var reading = settings.Postgres is null
            ? new ReadingOptions { Holder = EmbeddedHolder, Lease = EmbeddedLease }
            : new ReadingOptions { Holder = $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}" };
        var outboxes = new OutboxReaders(
            storage.Store, storage.Control, storage.Progress, RosterApi.EventEncoder, reading, TimeProvider.System, tell);
        var source = new OutboxSource(outboxes);
        var options = new ConsumerOptions { Holder = reading.Holder, Lease = reading.Lease };
        return [.. Consumers.Of(settings).Select(consumer =>
            new ConsumerRunner(consumer, source, storage.Control, storage.Progress, options, TimeProvider.System, tell))];
    }
}
