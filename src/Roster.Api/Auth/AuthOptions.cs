using Roster.Api.Auth.Jwt;
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

    /// <summary>How old this node's copy of the keys may get while the control shard is away; and of an issuer's, while that is.</summary>
    public TimeSpan MaxKeyAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whose JWTs are believed; null for nobody's.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary>Invalid credentials from one address in a minute before the rest get 429.</summary>
    public int FailuresPerMinute { get; init; } = 30;
}
