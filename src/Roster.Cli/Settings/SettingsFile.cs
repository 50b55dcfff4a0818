using Microsoft.Extensions.Configuration;

namespace Roster.Cli.Settings;

/// <summary>Settings for verbs that serve nothing: the same file and environment as <c>serve</c>.</summary>
internal static class SettingsFile
{
    public static RosterSettings Read(string? data) => RosterSettings.Read(
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .Build(),
        urls: null,
        data);
}
