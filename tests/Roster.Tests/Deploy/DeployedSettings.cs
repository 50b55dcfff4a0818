using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;

namespace Roster.Tests.Deploy;

/// <summary>The settings that a deployment gives the program by its environment, read as the program reads them.</summary>
internal static class DeployedSettings
{
    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">The program would not start.</exception>
    public static RosterSettings Read(IEnumerable<KeyValuePair<string, string?>> environment) => RosterSettings.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(environment.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build(),
        urls: null,
        data: null);
}
