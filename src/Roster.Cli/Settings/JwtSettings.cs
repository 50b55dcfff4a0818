using Roster.Api.Auth.Jwt;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Auth:Jwt</c>: the identity provider whose JWTs are believed.</summary>
internal static class JwtSettings
{
    private const string Authority = "Auth:Jwt:Authority";
    private const string Audience = "Auth:Jwt:Audience";
    private const string UserIdClaim = "Auth:Jwt:UserIdClaim";

    public static JwtOptions? Read(SettingsReader reader)
    {
        var (authority, audience, userId) = (reader.Text(Authority), reader.Text(Audience), reader.Text(UserIdClaim));
        if (authority is null)
        {
            return audience is null && userId is null ? null : throw new SettingsException(
                $"Roster:{(audience is null ? UserIdClaim : Audience)} is set without Roster:{Authority}: write the address of the identity provider there, or remove it.");
        }

        return new JwtOptions(
            Checked(authority),
            audience ?? throw new SettingsException(
                $"Roster:{Authority} is set without Roster:{Audience}: write there what aud must be, or tokens for other services would do here."),
            userId);
    }

    private static Uri Checked(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address is { Query: "", Fragment: "", UserInfo: "" }
            ? address
            : throw SettingsReader.Wrong(Authority, text, "an address such as https://id.example.com, with http only on loopback");
}
