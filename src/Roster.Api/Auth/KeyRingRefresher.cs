using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Api.Auth;

/// <summary>Keeps the key ring fresh while the server runs.</summary>
internal sealed partial class KeyRingRefresher(KeyRing ring, TimeProvider time, ILogger<KeyRingRefresher> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(KeyRing.RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ring.RefreshAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogStale(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys could not be read again; the copy in memory goes on")]
    private partial void LogStale(Exception e);
}
