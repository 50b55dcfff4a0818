using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Core.Storage;

namespace Roster.Api.Maintenance;

/// <summary>How long things are kept.</summary>
public sealed record ExpiryOptions(TimeSpan Outbox, TimeSpan Idempotency);

/// <summary>Removes what has expired, in small steps with pauses, so that writers never wait for it.</summary>
public sealed partial class ExpiryWorker(
    IStore store, ExpiryOptions options, TimeProvider time, ILogger<ExpiryWorker> logger) : BackgroundService
{
    private const int RowsPerStep = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RemoveAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogPutOff(e);
            }
        }
    }

    private async Task RemoveAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var expiry = new Expiry(now - options.Outbox, now - options.Idempotency, RowsPerStep);
        while (await store.ExpireAsync(expiry, cancellation) > 0)
        {
            await Task.Delay(Pause, time, cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing what has expired is put off")]
    private partial void LogPutOff(Exception e);
}
