using Roster.Core.Storage.Caching;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Cache</c>: what a node keeps in memory.</summary>
internal static class CacheSettings
{
    public static CacheOptions Read(SettingsReader reader) => new()
    {
        MaxBytes = reader.Number("Cache:MaxMegabytes", 64, 0, 65_536) * 1024L * 1024L,
        MaxAge = reader.Duration("Cache:MaxAge", TimeSpan.FromMinutes(1), TimeSpan.Zero),
        MaxStaleness = reader.Duration(PostgresSettings.MaxStalenessKey, PostgresSettings.StandardStaleness, TimeSpan.Zero),
    };
}
