using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roster.Tests.Api.BadInput;
using Xunit;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Roster.Tests.Api.Auth;

public sealed class RefusedJwtTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    private readonly IdentityProvider issuer = fixture.Issuer;
    private readonly RunningServer server = fixture.Server;

    [Fact]
    public async Task A_subject_has_255_characters_at_most()
    {
        (await fixture.AskAsync(issuer.Token(sub: new string('s', 255)))).Is(200);
        await RefusedAsync(issuer.Token(sub: new string('s', 256)), "it has no usable sub");
    }

    [Theory]
    [InlineData("aud", "\"another\"", "it is for another audience")]
    [InlineData("aud", "null", "it is for another audience")]
    [InlineData("aud", "[]", "it is for another audience")]
    [InlineData("iss", "\"https://id.example.com\"", "it is from another issuer")]
    [InlineData("iss", "null", "it is from another issuer")]
    [InlineData("exp", "-61", "it has expired")]
    [InlineData("exp", "absent", "it never expires")]
    [InlineData("exp", "null", "it cannot be read")]
    [InlineData("nbf", "+90", "it is not valid yet")]
    [InlineData("sub", "null", "it has no usable sub")]
    [InlineData("sub", "absent", "it has no usable sub")]
    [InlineData("iss", "absent", "it is from another issuer")]
    [InlineData("aud", "absent", "it is for another audience")]
    [InlineData("sub", "7", "it has no usable sub")]
    [InlineData("sub", "\"\"", "it has no usable sub")]
    [InlineData("sub", "\"a\\nb\"", "it has no usable sub")]
    [InlineData("sub", "\"zoë\"", "it has no usable sub")]
    public async Task A_signed_token_with_a_wrong_claim_lets_nobody_in(string claim, string value, string reason)
    {
        var claims = issuer.Claims();
        if (value == "absent")
        {
            claims.Remove(claim);
        }
        else
        {
            claims[claim] = value[0] is '+' or '-' ? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + int.Parse(value) : JsonNode.Parse(value);
        }

        await RefusedAsync(issuer.Token(claims), reason);
    }

    [Fact]
    public async Task A_signature_of_another_key_lets_nobody_in()
    {
        using var thief = SigningKey.NewRsa("first");
        await RefusedAsync(thief.Sign(IdentityProvider.Header("RS256"), issuer.Claims()), "its signature is wrong");
        using var stranger = SigningKey.NewRsa("stranger");
        await RefusedAsync(stranger.Sign(IdentityProvider.Header("RS256", "stranger"), issuer.Claims()), "its key is none of the issuer's");
        var good = issuer.Token();
        await RefusedAsync(good[..(good.LastIndexOf('.') + 1)], "its signature is wrong");
        var changed = issuer.Claims("admin");
        await RefusedAsync($"{good.Split('.')[0]}.{SigningKey.Encode(changed)}.{good.Split('.')[2]}", "its signature is wrong");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("rs256")]
    public async Task No_algorithm_without_a_private_key_is_allowed(string algorithm)
    {
        var content = $"{SigningKey.Encode(IdentityProvider.Header(algorithm))}.{SigningKey.Encode(issuer.Claims("admin"))}";
        var signatures = new List<byte[]> { Array.Empty<byte>() };
        foreach (var secret in (string[])[issuer.Keys[0].PublicPem, issuer.Keys[0].Jwk["n"]!.GetValue<string>()])
        {
            signatures.Add(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(content)));
            signatures.Add(HMACSHA512.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(content)));
        }

        foreach (var signature in signatures)
        {
            await RefusedAsync($"{content}.{Base64Url.EncodeToString(signature)}", "its algorithm is not allowed");
        }
    }

    [Fact]
    public async Task A_header_that_asks_for_what_nobody_understands_or_is_of_another_kind_is_refused()
    {
        var critical = IdentityProvider.Header("RS256");
        critical["crit"] = new JsonArray("b64");
        await RefusedAsync(issuer.Keys[0].Sign(critical, issuer.Claims()), "its header has extensions (crit)");
        var logout = IdentityProvider.Header("RS256");
        logout["typ"] = "logout+jwt";
        await RefusedAsync(issuer.Keys[0].Sign(logout, issuer.Claims()), "its typ is not that of an access token");
    }

    [Fact]
    public async Task Keys_that_a_token_brings_along_count_for_nothing()
    {
        using var thief = SigningKey.NewRsa("thief");
        var header = new JsonObject { ["alg"] = "RS256", ["jwk"] = thief.Jwk, ["jku"] = "http://127.0.0.1:1/keys" };
        await RefusedAsync(thief.Sign(header, issuer.Claims()), "its signature is wrong");
        header["kid"] = "first";
        await RefusedAsync(thief.Sign(header, issuer.Claims()), "its signature is wrong");
    }

    [Fact]
    public async Task A_token_has_8_KiB_at_most()
    {
        var claims = issuer.Claims();
        claims["padding"] = new string('x', 5_000);
        (await fixture.AskAsync(issuer.Token(claims))).Is(200);
        claims["padding"] = new string('x', 6_500);
        await RefusedAsync(issuer.Token(claims), "it is longer than 8192 characters");
    }

    [Fact]
    public async Task A_good_token_beside_a_good_key_lets_nobody_in()
    {
        var head = $"GET /users HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {issuer.Token()}\r\nAuthorization: Bearer {server.AdminKey}";
        (await RawConnection.SendAsync(server.Url, head, default))!.IsProblem(401, "unauthenticated");
    }

    private async Task RefusedAsync(string token, string reason)
    {
        var answer = (await fixture.AskAsync(token)).IsProblem(401, "unauthenticated");
        Assert.EndsWith($": {reason}.", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"roster\", error=\"invalid_token\"", answer.Header("WWW-Authenticate"));
    }
}
