using System.CommandLine;

namespace Roster.Cli.Remote;

/// <summary>Which server a verb talks to, and as whom.</summary>
internal static class ServerOptions
{
    /// <summary>Environment variable that holds a key.</summary>
    public const string KeyVariable = "ROSTER_KEY";

    private const string StandardUrl = "http://127.0.0.1:8080";

    public static Option<string> Url { get; } = new("--url")
    {
        Description = "The server",
        HelpName = "URL",
        DefaultValueFactory = _ => StandardUrl,
    };

    public static Option<string?> Key { get; } = new("--key")
    {
        Description = $"An API key (default: {KeyVariable}, else ./data/admin.key)",
        HelpName = "rk_…",
    };

    public static ServerAddress Read(ParseResult parsed) =>
        new(UrlOf(parsed.GetValue(Url)!), KeyOf(parsed.GetValue(Key)));

    /// <summary>An address as it was written.</summary>
    public static Uri UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw VerbException.Usage($"--url \"{text}\" is no address of a server: write one such as {StandardUrl}.");

    private static string? KeyOf(string? given)
    {
        var key = given ?? Environment.GetEnvironmentVariable(KeyVariable) ?? FromFile(Path.Combine("data", "admin.key"));
        return key is { Length: > 0 } && key.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0
            ? throw VerbException.Usage("The key has characters that no key has.")
            : key;
    }

    private static string? FromFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
