using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Api.Auth;

/// <summary>Who gets in beside the stored keys.</summary>
public sealed record AuthOptions
{
    /// <summary>What callers without a key may do; nothing by default.</summary>
    public Scopes AnonymousScopes { get; init; }

    /// <summary>SHA-256 of <c>Roster:Auth:AdminKey</c>, an administrator's key that needs no store; null for none.</summary>
    public Hash256? AdminKeyHash { get; init; }

    /// <summary>How old this node's copy of the keys may get while the control shard is away.</summary>
    public TimeSpan MaxKeyAge { get; init; } = TimeSpan.FromHours(1);
}
