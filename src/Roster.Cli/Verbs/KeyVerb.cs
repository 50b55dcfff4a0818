using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roster.Cli.Remote;

namespace Roster.Cli.Verbs;

/// <summary><c>roster key</c>: API keys, over HTTP.</summary>
internal static class KeyVerb
{
    private const string Path = "keys";

    public static Command Create() =>
        new("key", "Creates, lists and revokes API keys") { CreateKey(), ListKeys(), RevokeKey() };

    private static Command CreateKey()
    {
        var scopes = new Option<string[]>("--scopes")
        {
            Description = "What it may do, separated by commas: users:read,users:write,posts:read,posts:write,events:read,admin",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var name = new Option<string>("--name") { Description = "Who or what it is for", Required = true };
        var expires = new Option<string?>("--expires") { Description = "When it ends: 2027-01-31, an RFC 3339 time, or 30d, 12h", HelpName = "TIME" };
        var verb = new Command("create", "Creates a key and prints its secret, once") { scopes, name, expires, ServerOptions.Url, ServerOptions.Key };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var request = new JsonObject
            {
                ["name"] = parsed.GetValue(name),
                ["scopes"] = new JsonArray([.. Split(parsed.GetValue(scopes)!).Select(scope => JsonValue.Create(scope))]),
            };
            if (parsed.GetValue(expires) is { } end)
            {
                request["expiresAt"] = Expiry(end, TimeProvider.System).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }

            using var body = new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            using var message = new HttpRequestMessage(HttpMethod.Post, Path) { Content = body };
            using var key = await SendAsync(parsed, message, cancellation);
            Console.WriteLine(key!.RootElement.GetProperty("secret").GetString());
            return 0;
        });
        return verb;
    }

    private static Command ListKeys()
    {
        var verb = new Command("list", "Lists all keys, without their secrets") { ServerOptions.Url, ServerOptions.Key };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, Path);
            using var keys = await SendAsync(parsed, message, cancellation);
            foreach (var key in keys!.RootElement.EnumerateArray())
            {
                var scopes = string.Join(',', key.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
                var end = key.TryGetProperty("expiresAt", out var at) && at.ValueKind == JsonValueKind.String ? $"  until {at.GetString()}" : string.Empty;
                Console.WriteLine($"{key.GetProperty("id").GetString()}  {key.GetProperty("name").GetString()}  {scopes}{end}");
            }

            return 0;
        });
        return verb;
    }

    private static Command RevokeKey()
    {
        var id = new Argument<string>("ID") { Description = "As roster key list shows it" };
        var verb = new Command("revoke", "Revokes a key for good") { id, ServerOptions.Url, ServerOptions.Key };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(parsed.GetValue(id)!)}");
            using var nothing = await SendAsync(parsed, message, cancellation);
            Console.WriteLine("Revoked; it stops working within 10 s.");
            return 0;
        });
        return verb;
    }

    private static async Task<JsonDocument?> SendAsync(ParseResult parsed, HttpRequestMessage message, CancellationToken cancellation)
    {
        var server = ServerOptions.Read(parsed);
        using var client = server.Connect();
        try
        {
            using var response = await client.SendAsync(message, cancellation);
            await Answers.EnsureOkAsync(response, cancellation);
            return response.StatusCode == HttpStatusCode.NoContent
                ? null
                : JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException e)
        {
            throw Answers.Unreachable(server.Url, e);
        }
    }

    private static IEnumerable<string> Split(string[] scopes) =>
        scopes.SelectMany(part => part.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    internal static DateTimeOffset Expiry(string text, TimeProvider time)
    {
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and < 100_000 && text[^1] is 'd' or 'h')
        {
            return time.GetUtcNow() + (text[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw VerbException.Usage($"--expires \"{text}\" is no time: write 2027-01-31, an RFC 3339 time, 30d or 12h.");
    }
}
