namespace Roster.Api.Auth.Jwt;

/// <summary>Whose JWTs are believed.</summary>
/// <param name="Authority">The issuer as OpenID Connect names it, without its last slash; https, or http on loopback.</param>
/// <param name="Audience">What <c>aud</c> must hold.</param>
/// <param name="UserIdClaim">The claim that holds a user's id, for scope <c>self</c>; null when nobody gets that scope.</param>
public sealed record JwtOptions(Uri Authority, string Audience, string? UserIdClaim)
{
    /// <summary>Longest token, in characters; the rest of a request's headers has room beside it.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>How far this clock and the issuer's may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>How old the signing keys get before they are fetched again.</summary>
    public TimeSpan RefreshAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The issuer is asked at most this often, whatever tokens arrive.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}
