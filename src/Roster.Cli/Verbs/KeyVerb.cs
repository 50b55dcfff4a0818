using System.CommandLine;
using System.Globalization;
using Roster.Cli.Keys;
using Roster.Cli.Remote;
using Roster.Cli.Settings;

namespace Roster.Cli.Verbs;

/// <summary><c>roster key</c>: API keys, over HTTP, or with <c>--data</c> straight on the embedded store.</summary>
internal static class KeyVerb
{
    public static Command Create() =>
        new("key", "Creates, lists and revokes API keys; with --data straight in the embedded store") { CreateKey(), ListKeys(), RevokeKey() };

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
        var verb = new Command("create", "Creates a key and prints its secret, once") { scopes, name, expires };
        return WithKeys(verb, async (keys, parsed, cancellation) =>
        {
            DateTimeOffset? end = parsed.GetValue(expires) is { } text ? Expiry(text, TimeProvider.System) : null;
            Console.WriteLine(await keys.CreateAsync(parsed.GetValue(name)!, [.. Split(parsed.GetValue(scopes)!)], end, cancellation));
        });
    }

    private static Command ListKeys() =>
        WithKeys(new Command("list", "Lists all keys, without their secrets"), async (keys, _, cancellation) =>
        {
            foreach (var key in await keys.ListAsync(cancellation))
            {
                var end = key.ExpiresAt is { } at ? $"  until {at}" : string.Empty;
                Console.WriteLine($"{key.Id}  {key.Name}  {string.Join(',', key.Scopes)}{end}");
            }
        });

    private static Command RevokeKey()
    {
        var id = new Argument<string>("ID") { Description = "As roster key list shows it" };
        return WithKeys(new Command("revoke", "Revokes a key for good") { id }, async (keys, parsed, cancellation) =>
        {
            await keys.RevokeAsync(parsed.GetValue(id)!, cancellation);
            Console.WriteLine("Revoked; it stops working within 10 s.");
        });
    }

    private static Command WithKeys(Command verb, Func<IKeyRegistry, ParseResult, CancellationToken, Task> run)
    {
        verb.Options.Add(ServerOptions.Url);
        verb.Options.Add(ServerOptions.Key);
        verb.Options.Add(DataOption.Data);
        verb.SetAction(async (parsed, cancellation) =>
        {
            await using var keys = await KeysAsync(parsed, cancellation);
            await run(keys, parsed, cancellation);
            return 0;
        });
        return verb;
    }

    /// <summary>Straight on the embedded store when its folder is named, or on PostgreSQL when no server is; else over HTTP.</summary>
    private static async Task<IKeyRegistry> KeysAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var data = parsed.GetValue(DataOption.Data);
        var isDirect = data is not null
            || (parsed.GetResult(ServerOptions.Url) is null or { Implicit: true } && SettingsFile.Read(data: null).Postgres is not null);
        return isDirect ? await StoredKeys.OpenAsync(data, cancellation) : new RemoteKeys(ServerOptions.Read(parsed));
    }

    private static IEnumerable<string> Split(string[] scopes) =>
        scopes.SelectMany(part => part.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    internal static DateTimeOffset Expiry(string text, TimeProvider time)
    {
        if (Duration.TryParse(text) is { } duration && duration > TimeSpan.Zero && duration <= Duration.Max)
        {
            return time.GetUtcNow() + duration;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw VerbException.Usage($"--expires \"{text}\" is no time: write 2027-01-31, an RFC 3339 time, 30d or 12h.");
    }
}
