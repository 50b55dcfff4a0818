using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class MalformedJwtTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    private readonly IdentityProvider issuer = fixture.Issuer;

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
        var (header, payload) = (IdentityProvider.Header("RS256"), claims.ToJsonString().Replace("\"@\"", raw, StringComparison.Ordinal));
        var answer = await fixture.AskAsync(issuer.Keys[0].Sign(header.ToJsonString(), payload, "RS256"));
        Assert.True(answer.Status is 200 or 401 or 403, answer.ToString());
        Assert.True(answer.Status == 401 || claim is "scope" or "iat" || raw == "1e18", answer.ToString());
    }

    /// <summary>Headers and payloads as bytes: what the library has to survive.</summary>
    public static TheoryData<string, string> Malformed
    {
        get
        {
            const string good = """{ "alg": "RS256", "kid": "first" }""";
            var deep = new string('[', 500) + new string(']', 500);
            string[] odd = ["", "null", "7", "[]", "\"x\"", "{", "{}x", "\uFEFF{}", """{ "\ud800": 1 }""", deep, $$"""{ "x": {{deep}} }""", """{ "sub": "\ud800" }"""];
            string[] headers =
            [
                .. odd, """{ "alg": 7 }""", """{ "alg": ["RS256"] }""", """{ "alg": null }""", """{ "alg": "RS256", "kid": 7 }""", """{ "alg": "RS256", "kid": "\ud800" }""",
                """{ "alg": "RS256", "kid": ["first"] }""", """{ "alg": "RS256", "typ": {} }""", """{ "alg": "RS256", "x5t": 7, "kid": "" }""", """{ "alg": "RS256", "crit": null }""",
                """{ "alg": "RS256", "alg": "none" }""", """{ "alg": "RS256", "zip": "DEF", "enc": "A128GCM" }""",
            ];
            var all = new TheoryData<string, string>();
            all.AddRange(headers.Select(header => (header, "{}")).Concat(odd.Select(payload => (good, payload))).ToArray());
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_token_is_refused_even_when_the_issuer_signed_it(string header, string payload) =>
        (await fixture.AskAsync(issuer.Keys[0].Sign(header, payload, "RS256"))).IsProblem(401, "unauthenticated");

    [Theory]
    [InlineData("sub")]
    [InlineData("scope")]
    [InlineData("roster_user")]
    [InlineData("other")]
    public async Task A_claim_that_is_no_text_is_no_fault_of_ours(string claim)
    {
        var claims = issuer.Claims();
        claims[claim] = "@";
        var answer = await fixture.AskAsync(issuer.Keys[0].Sign(
            IdentityProvider.Header("RS256").ToJsonString(), claims.ToJsonString().Replace("\"@\"", "\"\\ud800\"", StringComparison.Ordinal), "RS256"));
        Assert.True(answer.Status is 200 or 401 or 403, answer.ToString());
        Assert.True(answer.Status != 200 || claim is "roster_user" or "other", answer.ToString());
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
    public async Task Garbage_lets_nobody_in(string token) => (await fixture.AskAsync(token)).IsProblem(401, "unauthenticated");
}
