using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roster.Tests.Api.BadInput;
using Xunit;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Roster.Tests.Api.Auth;

public sealed class JwtTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    private readonly IdentityProvider issuer = fixture.Issuer;
    private readonly RunningServer server = fixture.Server;

    [Fact]
    public async Task A_good_token_lets_in_as_far_as_its_scopes_go_and_names_its_subject_in_events()
    {
        using var client = server.With(issuer.Token("openid users:read users:write", sub: "auth0|ada lovelace"));
        var made = await client.SignUpAsync();
        var history = (await client.GetAsync($"/users/{made.Id}/history")).Is(200);
        Assert.Equal("jwt:auth0|ada lovelace", history.Items[0].GetProperty("actor").GetString());
        (await client.GetAsync("/keys")).IsProblem(403, "missing-scope");
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public async Task Every_RSA_signature_that_is_allowed_works(string algorithm) =>
        (await AskAsync(issuer.Token(issuer.Claims(), algorithm))).Is(200);

    [Theory]
    [InlineData("ES256", "nistP256")]
    [InlineData("ES384", "nistP384")]
    [InlineData("ES512", "nistP521")]
    public async Task Every_ECDSA_signature_that_is_allowed_works(string algorithm, string curve)
    {
        await using var other = await IdentityProvider.StartAsync();
        other.Keys = [SigningKey.NewEc("ec", ECCurve.CreateFromFriendlyName(curve))];
        await using var believer = await RunningServer.StartAsync(other.Settings);
        using var client = believer.With(other.Token(other.Claims(), algorithm));
        (await client.GetAsync("/users")).Is(200);
    }

    [Theory]
    [InlineData("scp", """ "users:read openid" """)]
    [InlineData("scp", """ ["openid", "users:read"] """)]
    [InlineData("scope", """ ["users:read"] """)]
    [InlineData("scope", """ "admin" """)]
    public async Task Scopes_are_read_from_scope_or_scp_as_a_text_or_an_array(string claim, string value)
    {
        var claims = issuer.Claims();
        claims.Remove("scope");
        claims[claim] = JsonNode.Parse(value);
        (await AskAsync(issuer.Token(claims))).Is(200);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("\"USERS:READ\"")]
    [InlineData("[7, null, [\"users:read\"]]")]
    public async Task A_token_without_a_scope_of_ours_may_nothing(string? scope)
    {
        var claims = issuer.Claims();
        claims["scope"] = scope is null ? null : JsonNode.Parse(scope);
        (await AskAsync(issuer.Token(claims))).IsProblem(403, "missing-scope");
    }

    [Fact]
    public async Task Scope_admin_sees_what_a_key_of_that_scope_sees()
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.DeleteAsync($"/users/{user.Id}")).Is(204);
        using var reader = server.With(issuer.Token());
        using var admin = server.With(issuer.Token("admin"));
        (await reader.GetAsync($"/users/{user.Id}")).IsProblem(404);
        Assert.Equal("deleted", (await admin.GetAsync($"/users/{user.Id}")).Is(200).Text("status"));
        (await admin.GetAsync("/keys")).Is(200);
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

    [Theory]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "1e18")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "\"tomorrow\"")]
    [InlineData("exp", "[1]")]
    [InlineData("nbf", "1e300")]
    [InlineData("nbf", "{}")]
    [InlineData("iss", "[1]")]
    [InlineData("aud", "{}")]
    [InlineData("scope", "9e999")]
    [InlineData("iat", "\"x\"")]
    public async Task A_claim_of_a_senseless_value_is_never_a_fault_of_ours(string claim, string raw)
    {
        var claims = issuer.Claims();
        claims[claim] = "@";
        var (header, payload) = (Header("RS256"), claims.ToJsonString().Replace("\"@\"", raw, StringComparison.Ordinal));
        var answer = await AskAsync(issuer.Keys[0].Sign(header, payload));
        Assert.True(answer.Status is 200 or 401 or 403, answer.ToString());
        Assert.True(answer.Status == 401 || claim is "scope" or "iat" || raw == "1e18", answer.ToString());
    }

    [Fact]
    public async Task A_subject_has_255_characters_at_most()
    {
        (await AskAsync(issuer.Token(sub: new string('s', 255)))).Is(200);
        await RefusedAsync(issuer.Token(sub: new string('s', 256)), "it has no usable sub");
    }

    [Fact]
    public async Task A_minute_between_two_clocks_is_forgiven()
    {
        var claims = issuer.Claims();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (claims["exp"], claims["nbf"]) = (now - 30, now - 60);
        (await AskAsync(issuer.Token(claims))).Is(200);
        (claims["exp"], claims["nbf"]) = (now + 300, now + 30);
        (await AskAsync(issuer.Token(claims))).Is(200);
    }

    [Fact]
    public async Task A_signature_of_another_key_lets_nobody_in()
    {
        using var thief = SigningKey.NewRsa("first");
        await RefusedAsync(thief.Sign(Header("RS256"), issuer.Claims()), "its signature is wrong");
        using var stranger = SigningKey.NewRsa("stranger");
        await RefusedAsync(stranger.Sign(Header("RS256", "stranger"), issuer.Claims()), "its key is none of the issuer's");
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
        var content = $"{SigningKey.Encode(Header(algorithm))}.{SigningKey.Encode(issuer.Claims("admin"))}";
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
        var critical = Header("RS256");
        critical["crit"] = new JsonArray("b64");
        await RefusedAsync(issuer.Keys[0].Sign(critical, issuer.Claims()), "its header has extensions (crit)");
        var logout = Header("RS256");
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
        (await AskAsync(issuer.Token(claims))).Is(200);
        claims["padding"] = new string('x', 6_500);
        await RefusedAsync(issuer.Token(claims), "it is longer than 8192 characters");
    }

    [Theory]
    [InlineData("e")]
    [InlineData("ey..")]
    [InlineData("ey.ey.ey")]
    [InlineData("eyJ.eyJ.")]
    [InlineData("e30.e30.e30")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOjd9.e30.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.bm8ganNvbg.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.%%%")]
    [InlineData("eyJhbGciOiJSU0EtT0FFUCJ9.AA.AA.AA.AA")]
    public async Task Garbage_lets_nobody_in(string token) => (await AskAsync(token)).IsProblem(401, "unauthenticated");

    [Fact]
    public async Task A_good_token_beside_a_good_key_lets_nobody_in()
    {
        var head = $"GET /users HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {issuer.Token()}\r\nAuthorization: Bearer {server.AdminKey}";
        (await RawConnection.SendAsync(server.Url, head, default))!.IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task A_refusal_tells_both_kinds_of_credentials()
    {
        var answer = (await server.Nobody.GetAsync("/users")).IsProblem(401, "unauthenticated");
        Assert.Contains("API key", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Contains("JWT", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"roster\"", answer.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_server_without_an_identity_provider_believes_no_token()
    {
        await using var plain = await RunningServer.StartAsync();
        using var client = plain.With(issuer.Token("admin"));
        (await client.GetAsync("/users")).IsProblem(401, "unauthenticated");
    }

    private static JsonObject Header(string algorithm, string kid = "first") =>
        new() { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = kid };

    private async Task RefusedAsync(string token, string reason)
    {
        var answer = (await AskAsync(token)).IsProblem(401, "unauthenticated");
        Assert.EndsWith($": {reason}.", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"roster\", error=\"invalid_token\"", answer.Header("WWW-Authenticate"));
    }

    private async Task<Answer> AskAsync(string token)
    {
        using var client = server.With(token);
        return await client.GetAsync("/users");
    }
}
