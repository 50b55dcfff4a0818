using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;

namespace Roster.Api.Auth.Jwt;

/// <summary>From the claims of a valid token to who it is and what it may.</summary>
/// <param name="userIdClaim">The claim that holds a user's id; null when there is none.</param>
internal sealed class JwtIdentity(string? userIdClaim)
{
    /// <summary>OpenID Connect Core 1.0, 2: at most 255 ASCII characters.</summary>
    private const int MaxSubject = 255;

    /// <summary>Null when the token does not say who it is in a form that events can carry.</summary>
    public Identity? Of(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return Of(payload.RootElement);
    }

    private Identity? Of(JsonElement claims)
    {
        if (TextOf(claims, JwtRegisteredClaimNames.Sub) is not { Length: > 0 and <= MaxSubject } subject
            || !subject.All(character => character is >= ' ' and <= '~'))
        {
            return null;
        }

        var granted = ScopeNames.ParseToken(ScopesOf(claims));
        var caller = new Caller(TenantId.Default, $"jwt:{subject}", granted.HasFlag(Scopes.Admin));
        var own = userIdClaim is not null && UserId.TryParse(TextOf(claims, userIdClaim), out var user) && granted.HasFlag(Scopes.Self)
            ? caller with { SeesDeleted = false, Only = user } : null;
        return new Identity(caller, granted & ~Scopes.Self) { Own = own };
    }

    /// <summary><c>scope</c> (RFC 8693, 4.2), or <c>scp</c> as some issuers write it: one text, or an array.</summary>
    private static string[] ScopesOf(JsonElement claims)
    {
        var claim = Claim(claims, "scope") ?? Claim(claims, "scp");
        return claim switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            { ValueKind: JsonValueKind.Array } list =>
                [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            _ => [],
        };
    }

    private static string? TextOf(JsonElement claims, string name) =>
        Claim(claims, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Claim(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) ? value : null;
}
