using Roster.Redis;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Redis</c>: what nodes share for speed.</summary>
internal static class RedisSettings
{
    private const string Key = "Redis";

    /// <summary>Reads and checks it.</summary>
    /// <returns>Null when there is no Redis.</returns>
    /// <exception cref="SettingsException">Something is wrong; the sentence holds no password.</exception>
    public static RedisOptions? Read(SettingsReader reader)
    {
        var deadline = reader.Duration("Cache:Deadline", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(1));
        if (reader.Text(Key) is not { } configuration)
        {
            return null;
        }

        try
        {
            return RedisOptions.Parse(configuration) with { Deadline = deadline };
        }
        catch (ArgumentException)
        {
            throw new SettingsException($"Roster:{Key} cannot be read: write StackExchange.Redis's configuration, such as redis:6379,password=…,ssl=true.");
        }
    }
}
