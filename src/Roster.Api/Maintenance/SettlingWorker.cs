using Microsoft.Extensions.Logging;
using Roster.Core.Storage;
using Roster.Core.Storage.Sharding;

namespace Roster.Api.Maintenance;

/// <summary>Ends changes of e-mails between shards that a crash has left half way.</summary>
public sealed partial class SettlingWorker(IStore store, TimeProvider time, ILogger<SettlingWorker> logger)
    : PeriodicWork(TimeSpan.FromSeconds(2), time, logger)
{
    private readonly IntentSweep sweep = new(store);

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(CancellationToken cancellation)
    {
        if (await sweep.RunAsync(cancellation) is var settled and > 0)
        {
            LogSettled(settled);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Settled} changes of e-mails that were left half way are ended")]
    private partial void LogSettled(int settled);
}
