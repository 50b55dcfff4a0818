using Microsoft.IdentityModel.Tokens;

namespace Roster.Api.Auth.Jwt;

/// <summary>Why the library refused a token, in words of ours: its messages may quote the token.</summary>
internal static class JwtRefusals
{
    public static string ReasonOf(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenNoExpirationException => "it never expires",
        SecurityTokenInvalidLifetimeException => "its times make no sense",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is from another issuer",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "its signature is wrong",
        _ => "it is invalid",
    };
}
