using Roster.Cli.Settings;
using Roster.Cli.Verbs;
using Roster.Core.Storage;

namespace Roster.Cli.Serving;

/// <summary>What <c>serve</c> tells a person when it is ready.</summary>
internal static class Banner
{
    private const string FirstUser =
        " -H 'Content-Type: application/json' -d '{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\"}'";

    /// <summary>On PostgreSQL, where no key is made by itself.</summary>
    public static string Of(string version, string url, PostgresSettings postgres, bool hasKey, IReadOnlyList<ShardTrouble> troubles)
    {
        var lines = new List<string> { $"Roster {version} listens on {url}, users in {Counted.Of(postgres.Shards.Count, "PostgreSQL shard")}" };
        lines.AddRange(troubles.Select(trouble => $"Shard {trouble.Shard.Value}: {trouble.Problem} Its users get 503 until it is back; all others are served."));
        if (!hasKey)
        {
            lines.Add("There is no key yet. With the same settings: roster key create --name admin --scopes admin");
        }

        lines.Add("Try:");
        lines.Add($"  curl -s {url}/users -H \"Authorization: Bearer $ROSTER_KEY\"{FirstUser}");
        return string.Join(Environment.NewLine, lines);
    }

    public static string Of(string version, string url, string folder, bool keyFile, bool firstStart)
    {
        var key = Path.Combine(folder, AdminKeyFile.Name);
        var lines = new List<string> { $"Roster {version} listens on {url}, users in {folder}" };
        if (firstStart)
        {
            lines.Add($"First start: an administrator's key is in {key}. Keep it safe.");
        }

        if (keyFile)
        {
            lines.Add("Try:");
            lines.Add($"  curl -s {url}/users -H \"Authorization: Bearer $(cat {key})\"{(firstStart ? FirstUser : string.Empty)}");
        }

        return string.Join(Environment.NewLine, lines);
    }
}
