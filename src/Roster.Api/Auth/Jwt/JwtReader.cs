using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Roster.Core.Keys;

namespace Roster.Api.Auth.Jwt;

/// <summary>
/// From a JWT to who sent it (RFC 7519, RFC 8725, RFC 9068). Parsing and signatures are Microsoft's library's; ours is
/// what may be in a header, and that only keys of the configured issuer count.
/// </summary>
internal sealed class JwtReader(JwtOptions options, SigningKeys keys, TimeProvider time)
{
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = JwtOptions.MaxLength, MapInboundClaims = false };
    private readonly JwtIdentity identities = new(options.UserIdClaim);
    private readonly TokenCache cache = new(time);

    /// <summary>Whether it is worth a look: three parts of base64url, the first of which begins a JSON object.</summary>
    public static bool LooksLikeOne(string token) =>
        token.StartsWith("ey", StringComparison.Ordinal) && token.AsSpan().Count('.') == 2;

    /// <summary>Who sent it, or why nobody knows.</summary>
    public async ValueTask<Authenticated> ReadAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > JwtOptions.MaxLength)
        {
            return Authenticated.Refused($"it is longer than {JwtOptions.MaxLength} characters");
        }

        var hash = KeyToken.HashOf(token);
        if (keys.Current is not null && cache.Find(hash) is { } known)
        {
            return Authenticated.As(known);
        }

        if (Parse(token) is not { } parsed)
        {
            return Authenticated.Refused("it cannot be read");
        }

        if (HeaderProblem(parsed) is { } problem)
        {
            return Authenticated.Refused(problem);
        }

        if (keys.Current is not { } current || current.Find(parsed.Kid).Count == 0)
        {
            await keys.RefreshAsync().WaitAsync(cancellation);
        }

        return keys.Current is { } trusted ? await ValidateAsync(parsed, hash, trusted) : Authenticated.Undecided;
    }

    private async ValueTask<Authenticated> ValidateAsync(JsonWebToken token, Core.Storage.Hash256 hash, SigningKeys.Copy trusted)
    {
        var signers = trusted.Find(token.Kid);
        if (signers.Count == 0)
        {
            return Authenticated.Refused("its key is none of the issuer's");
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = trusted.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = signers,
            ClockSkew = JwtOptions.ClockSkew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        });
        if (!result.IsValid)
        {
            return Authenticated.Refused(JwtRefusals.ReasonOf(result.Exception));
        }

        if (identities.Of(token) is not { } found)
        {
            return Authenticated.Refused("it has no usable sub");
        }

        var until = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        var identity = found with { Until = until };
        cache.Add(hash, identity, until);
        return Authenticated.As(identity);
    }

    private static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private static string? HeaderProblem(JsonWebToken token) =>
        !Algorithms.Contains(token.Alg, StringComparer.Ordinal) ? "its algorithm is not allowed"
        : token.TryGetHeaderValue<object>("crit", out _) ? "its header has extensions (crit)"
        : TypeOf(token) is "" or "jwt" or "at+jwt" ? null : "its typ is not that of an access token";

    /// <summary>RFC 8725, 3.11: an issuer signs other things than access tokens with the same keys.</summary>
    private static string TypeOf(JsonWebToken token)
    {
        const string prefix = "application/";
        var type = (token.Typ ?? string.Empty).ToLowerInvariant();
        return type.StartsWith(prefix, StringComparison.Ordinal) ? type[prefix.Length..] : type;
    }
}
