using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Api;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Outboxes;
using Roster.Email;

namespace Roster.Cli.Working;

/// <summary>
/// What happens because of events, beside requests: inside <c>serve</c> on the embedded store, in <c>work</c> otherwise.
/// Consumers read the outboxes themselves; there is no broker yet.
/// </summary>
internal sealed partial class EventWorker(RosterSettings settings, OpenedStorage storage, TimeProvider time, ILogger<EventWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var mails = new SignUpMails(settings.Email, time);
        await RunnerOf(mails).RunAsync(stoppingToken);
    }

    private ConsumerRunner RunnerOf(IEventConsumer consumer)
    {
        // A process that comes back is another one: what the dead one held ends by its lease.
        var holder = $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var outboxes = new OutboxReaders(
            storage.Store, storage.Control, storage.Progress, RosterApi.EventEncoder, new ReadingOptions { Holder = holder }, time, Log);
        return new ConsumerRunner(
            consumer, new OutboxSource(outboxes), storage.Control, storage.Progress, new ConsumerOptions { Holder = holder }, time, Log);
    }

    private void Log(Notice notice)
    {
        if (notice.IsLoss)
        {
            LogLoss(notice.Cause, notice.Sentence);
        }
        else
        {
            LogNotice(notice.Cause, notice.Sentence);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sentence}")]
    private partial void LogLoss(Exception? cause, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogNotice(Exception? cause, string sentence);
}
