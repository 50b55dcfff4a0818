using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Core.Storage;

namespace Roster.Api.Maintenance;

/// <summary>Work repeated on a timer while the server runs; an outage puts it off, the server's end stops it.</summary>
public abstract partial class PeriodicWork(TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>One round.</summary>
    protected abstract ValueTask WorkAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RoundAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Also when the start failed: the host would otherwise report this as a fault.
        }
    }

    private async ValueTask RoundAsync(CancellationToken cancellation)
    {
        try
        {
            await WorkAsync(cancellation);
        }
        catch (StoreUnavailableException e)
        {
            LogPutOff(e, GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Work} is put off until the store can be reached")]
    private partial void LogPutOff(Exception e, string work);
}
