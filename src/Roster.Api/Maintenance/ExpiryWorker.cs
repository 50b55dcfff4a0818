using Microsoft.Extensions.Logging;
using Roster.Core.Storage;

namespace Roster.Api.Maintenance;

/// <summary>How long things are kept.</summary>
public sealed record ExpiryOptions(TimeSpan Outbox, TimeSpan Idempotency);

/// <summary>Removes what has expired, in small steps with pauses, so that writers never wait for it.</summary>
public sealed class ExpiryWorker(IStore store, ExpiryOptions options, TimeProvider time, ILogger<ExpiryWorker> logger)
    : PeriodicWork(TimeSpan.FromMinutes(1), time, logger)
{
    private const int RowsPerStep = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly TimeProvider time = time;

    /// <inheritdoc/>
    protected override async ValueTask WorkAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var expiry = new Expiry(now - options.Outbox, now - options.Idempotency, RowsPerStep);
        while (await store.ExpireAsync(expiry, cancellation) > 0)
        {
            await Task.Delay(Pause, time, cancellation);
        }
    }
}
