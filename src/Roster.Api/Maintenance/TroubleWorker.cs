using Microsoft.Extensions.Logging;
using Roster.Core.Storage;

namespace Roster.Api.Maintenance;

/// <summary>Writes into the log what <c>/readyz</c> would say, once when it begins and once when it is over: somebody may look there only later.</summary>
public sealed partial class TroubleWorker(IStore store, TimeProvider time, ILogger<TroubleWorker> logger)
    : PeriodicWork(TimeSpan.FromSeconds(5), time, logger)
{
    private HashSet<string> known = [];

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(CancellationToken cancellation)
    {
        var troubles = await store.CheckAsync(cancellation);
        HashSet<string> now = [.. troubles.Select(trouble => $"Shard {trouble.Shard.Value}: {trouble.Problem}")];
        foreach (var begun in now.Except(known, StringComparer.Ordinal))
        {
            LogBegun(begun);
        }

        foreach (var ended in known.Except(now, StringComparer.Ordinal))
        {
            LogEnded(ended);
        }

        known = now;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}")]
    private partial void LogBegun(string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "Over: {Trouble}")]
    private partial void LogEnded(string trouble);
}
