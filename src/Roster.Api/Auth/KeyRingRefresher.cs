using Microsoft.Extensions.Logging;
using Roster.Api.Maintenance;
using Roster.Core.Keys;

namespace Roster.Api.Auth;

/// <summary>Fills the key ring before the first request, and keeps it fresh while the server runs.</summary>
internal sealed class KeyRingRefresher(KeyRing ring, TimeProvider time, ILogger<KeyRingRefresher> logger)
    : PeriodicWork(KeyRing.RefreshInterval, time, logger)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override ValueTask WorkAsync(CancellationToken cancellation) => ring.RefreshAsync(cancellation);
}
