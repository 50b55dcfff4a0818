using System.Collections.Frozen;
using Roster.Core.Storage;

namespace Roster.Core.Keys;

/// <summary>
/// This node's copy of the API keys: authentication never waits for the control shard, and goes on through its
/// outage up to a maximum age. Refreshed on a timer, so a key revoked elsewhere stops working within seconds.
/// </summary>
public sealed class KeyRing(IControlStore control, TimeProvider time, TimeSpan maxAge)
{
    /// <summary>How often the copy is made anew: well under the 10 s within which a revoked key must stop working.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(4);

    private sealed record Copy(FrozenDictionary<string, ApiKey> ById, DateTimeOffset At);

    private volatile Copy copy = new(FrozenDictionary<string, ApiKey>.Empty, DateTimeOffset.MinValue);

    /// <summary>The key that a token belongs to; null when unknown, wrong, expired, or when the copy is too old to trust.</summary>
    public ApiKey? Find(string token)
    {
        var now = time.GetUtcNow();
        var known = copy;
        if (!KeyToken.TryRead(token, out var id, out var secretHash) || now - known.At > maxAge)
        {
            return null;
        }

        return known.ById.TryGetValue(id, out var key)
            && KeyToken.Match(key.SecretHash, secretHash)
            && (key.ExpiresAt is null || key.ExpiresAt > now)
            ? key
            : null;
    }

    /// <summary>Reads all keys again. Of readings that overlap, the one that began last stays.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var keys = await control.KeysAsync(cancellation);
        var read = new Copy(keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal), at);
        while (copy is var known && known.At <= at && Interlocked.CompareExchange(ref copy, read, known) != known)
        {
            // Another reading ended in between: whose began later?
        }
    }
}
