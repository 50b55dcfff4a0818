using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class AuthSettingsTests
{
    private const string Authority = "Roster:Auth:Jwt:Authority";
    private const string Audience = "Roster:Auth:Jwt:Audience";
    private const string UserIdClaim = "Roster:Auth:Jwt:UserIdClaim";
    private const string Origins = "Roster:Cors:Origins";

    [Fact]
    public void An_identity_provider_is_an_address_and_an_audience()
    {
        var jwt = Read((Authority, "https://id.example.com/realms/a"), (Audience, "roster"), (UserIdClaim, "uid")).Auth.Jwt!;
        Assert.Equal(("https://id.example.com/realms/a", "roster", "uid"), (jwt.Authority.AbsoluteUri, jwt.Audience, jwt.UserIdClaim));
        Assert.Null(Read((Authority, "http://localhost:9000"), (Audience, "roster")).Auth.Jwt!.UserIdClaim);
        Assert.Null(Read().Auth.Jwt);
        Assert.Equal(30, Read().Auth.FailuresPerMinute);
    }

    [Theory]
    [InlineData("http://id.example.com")]
    [InlineData("id.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://id.example.com?x=1")]
    [InlineData("https://id.example.com#x")]
    [InlineData("https://u:p@id.example.com")]
    public void An_authority_is_https_or_on_loopback(string address) => Assert.Equal(
        $"{Authority} is \"{address}\": write an address such as https://id.example.com, with http only on loopback.",
        Refusal((Authority, address), (Audience, "roster")));

    [Theory]
    [InlineData(Authority, "https://id.example.com", Audience)]
    [InlineData(Audience, "roster", Authority)]
    [InlineData(UserIdClaim, "uid", Authority)]
    public void Half_an_identity_provider_is_refused(string key, string value, string missing) =>
        Assert.StartsWith($"{key} is set without {missing}: write ", Refusal((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("https://xn--mnchen-3ya.de")]
    public void An_origin_is_what_a_browser_sends(string origin) => Assert.Equal([origin], Read((Origins, origin)).CrossOrigins.Origins);

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/path")]
    [InlineData("https://app.example.com:443")]
    [InlineData("https://App.example.com")]
    [InlineData("https://münchen.de")]
    [InlineData("https://u@app.example.com")]
    [InlineData("app.example.com")]
    [InlineData("file:///tmp")]
    public void What_no_browser_sends_is_no_origin(string origin)
    {
        var sentence = $"{Origins} is \"{origin}\": write exact origins such as https://app.example.com, without a path, * or null.";
        Assert.Equal(sentence, Refusal((Origins, origin)));
        Assert.Equal(sentence, Refusal(($"{Origins}:0", "https://a.example"), ($"{Origins}:1", origin)));
    }

    [Fact]
    public void Callers_without_a_key_cannot_be_somebody() =>
        Assert.Contains("\"self\": write scopes out of", Refusal(("Roster:Auth:AnonymousScopes", "self")), StringComparison.Ordinal);

    private static string Refusal(params (string, string)[] values) => Assert.Throws<SettingsException>(() => Read(values)).Message;

    private static RosterSettings Read(params (string Key, string Value)[] values) => RosterSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build(), null, null);
}
