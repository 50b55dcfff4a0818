namespace Roster.Cli.Serving;

/// <summary>What <c>serve</c> tells a person when it is ready.</summary>
internal static class Banner
{
    private const string FirstUser =
        " -H 'Content-Type: application/json' -d '{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\"}'";

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
