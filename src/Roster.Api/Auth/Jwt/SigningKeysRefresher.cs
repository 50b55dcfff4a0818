using Microsoft.Extensions.Logging;
using Roster.Api.Maintenance;

namespace Roster.Api.Auth.Jwt;

/// <summary>Fetches the signing keys at the start, without holding it up, and again while the server runs.</summary>
internal sealed class SigningKeysRefresher(SigningKeys keys, TimeProvider time, ILogger<SigningKeysRefresher> logger)
    : PeriodicWork(keys.Pause, time, logger)
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _ = keys.RefreshAsync();
        return base.StartAsync(cancellationToken);
    }

    protected override ValueTask WorkAsync(CancellationToken cancellation) =>
        keys.AreDue ? new(keys.RefreshAsync().WaitAsync(cancellation)) : default;
}
