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
        lines.AddRange(Remarks(hasKey, troubles));
        lines.AddRange(Try(url));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Of a supervisor, whose workers make their remarks themselves.</summary>
    public static string OfWorkers(string version, IReadOnlyList<string> urls, int workers) => string.Join(
        Environment.NewLine,
        [$"Roster {version} listens on {string.Join(" and ", urls)}, in {Counted.Of(workers, "worker")} (supervisor: process {Environment.ProcessId})", .. Try(urls[0])]);

    /// <summary>What is wrong or missing on PostgreSQL.</summary>
    public static IEnumerable<string> Remarks(bool hasKey, IReadOnlyList<ShardTrouble> troubles)
    {
        var lines = troubles.Select(trouble => $"Shard {trouble.Shard.Value}: {trouble.Problem} Its users get 503 until it is back; all others are served.");
        return hasKey ? lines : [.. lines, "There is no key yet. With the same settings: roster key create --name admin --scopes admin"];
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

    private static string[] Try(string url) => ["Try:", $"  curl -s {url}/users -H \"Authorization: Bearer $ROSTER_KEY\"{FirstUser}"];
}
