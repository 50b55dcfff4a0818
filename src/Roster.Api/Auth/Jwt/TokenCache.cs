using System.Collections.Concurrent;
using Roster.Core.Storage;

namespace Roster.Api.Auth.Jwt;

/// <summary>
/// Who was behind tokens that were found valid, by their SHA-256, for a minute at most. Two generations: when the
/// young one is full it becomes the old one, so memory is bounded without searching for what has expired.
/// </summary>
internal sealed class TokenCache(TimeProvider time)
{
    private const int MaxGeneration = 5_000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private sealed record Entry(Identity Identity, DateTimeOffset Until);

    private volatile ConcurrentDictionary<Hash256, Entry> young = new();
    private volatile ConcurrentDictionary<Hash256, Entry> old = new();

    /// <summary>Who it was; null when it has to be validated again.</summary>
    public Identity? Find(Hash256 token) =>
        (young.TryGetValue(token, out var entry) || old.TryGetValue(token, out entry)) && entry.Until > time.GetUtcNow()
            ? entry.Identity : null;

    /// <summary>Remembers it for a minute, and not beyond the token's end.</summary>
    public void Add(Hash256 token, Identity identity, DateTimeOffset expires)
    {
        if (young.Count >= MaxGeneration)
        {
            (old, young) = (young, new ConcurrentDictionary<Hash256, Entry>());
        }

        var limit = time.GetUtcNow() + MaxAge;
        young[token] = new Entry(identity, expires < limit ? expires : limit);
    }
}
