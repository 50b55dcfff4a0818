using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Core.Events;

namespace Roster.Api.Maintenance;

/// <summary>What goes on beside requests: the relay, and consumers. One that cannot go on, for a wrong setting, ends the process.</summary>
/// <param name="make">Makes the work, which tells what happens.</param>
/// <param name="logger">Takes what it tells.</param>
public sealed partial class EventWorker(Func<NoticeSink, IEventWork> make, ILogger<EventWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(() => make(Tell).RunAsync(stoppingToken), CancellationToken.None);

    private void Tell(Notice notice)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogNotice(Exception? e, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sentence}")]
    private partial void LogLoss(Exception? e, string sentence);
}
