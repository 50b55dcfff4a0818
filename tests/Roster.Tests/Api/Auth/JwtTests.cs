using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Xunit;

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
        (await fixture.AskAsync(issuer.Token(issuer.Claims(), algorithm))).Is(200);

    [Theory]
    [InlineData("ES256", "nistP256")]
    [InlineData("ES384", "nistP384")]
    [InlineData("ES512", "nistP521")]
    public async Task Every_ECDSA_signature_that_is_allowed_works(string algorithm, string curve)
    {
        await using var other = await IdentityProvider.StartAsync();
        other.Keys = [SigningKey.NewEc("ec", ECCurve.CreateFromFriendlyName(curve))];
        await using var believer = await other.BelievedAsync();
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
        (await fixture.AskAsync(issuer.Token(claims))).Is(200);
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
        (await fixture.AskAsync(issuer.Token(claims))).IsProblem(403, "missing-scope");
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

    [Fact]
    public async Task A_minute_between_two_clocks_is_forgiven()
    {
        var claims = issuer.Claims();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (claims["exp"], claims["nbf"]) = (now - 30, now - 60);
        (await fixture.AskAsync(issuer.Token(claims))).Is(200);
        (claims["exp"], claims["nbf"]) = (now + 300, now + 30);
        (await fixture.AskAsync(issuer.Token(claims))).Is(200);
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
}
