using Roster.Api.Cors;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Cors:Origins</c>: origins as browsers write them (RFC 6454, 6.2), so that comparing is exact.</summary>
internal static class OriginSettings
{
    private const string Key = "Cors:Origins";

    public static CrossOrigins Read(SettingsReader reader)
    {
        var origins = reader.List(Key);
        return origins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? throw SettingsReader.Wrong(Key, wrong, "exact origins such as https://app.example.com, without a path, * or null")
            : new CrossOrigins(origins);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin)
        && (origin.Scheme == Uri.UriSchemeHttps || origin.Scheme == Uri.UriSchemeHttp)
        && !text.Contains('*', StringComparison.Ordinal)
        && text == $"{origin.Scheme}://{(origin.HostNameType == UriHostNameType.IPv6 ? origin.Host : origin.IdnHost)}{(origin.IsDefaultPort ? "" : $":{origin.Port}")}";
}
