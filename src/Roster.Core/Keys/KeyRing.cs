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

    private sealed record Copy(FrozenDictionary<string, ApiKey> ById, long At);

    private volatile Copy copy = new(FrozenDictionary<string, ApiKey>.Empty, 0);

    /// <summary>The key that a token belongs to; null when unknown, wrong, expired, or when the copy is too old to trust.</summary>
    public ApiKey? Find(string token)
    {
        var known = copy;
        if (!KeyToken.TryRead(token, out var id, out var secretHash) || time.GetElapsedTime(known.At) > maxAge)
        {
            return null;
        }

        return known.ById.TryGetValue(id, out var key)
            && KeyToken.Match(key.SecretHash, secretHash)
            && (key.ExpiresAt is null || key.ExpiresAt > time.GetUtcNow())
            ? key
            : null;
    }

    /// <summary>This copy of the keys, as something to compare: what was worked out from one holds while it stands. Null when it is too old to trust.</summary>
    public object? Edition => copy is var known && time.GetElapsedTime(known.At) <= maxAge ? known : null;

    /// <summary>Whether a key that was found before is valid still.</summary>
    public bool Holds(string id)
    {
        var known = copy;
        return time.GetElapsedTime(known.At) <= maxAge && known.ById.TryGetValue(id, out var key)
            && (key.ExpiresAt is null || key.ExpiresAt > time.GetUtcNow());
    }

    /// <summary>Reads all keys again. Of readings that overlap, the one that began last stays.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellation)
    {
        // Not the time of day: a clock that is set back must neither keep an old copy nor make it look young.
        var at = time.GetTimestamp();
        var keys = await control.KeysAsync(cancellation);
        var read = new Copy(keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal), at);
        while (copy is var known && known.At <= at && Interlocked.CompareExchange(ref copy, read, known) != known)
        {
            // Another reading ended in between: whose began later?
        }
    }
}
