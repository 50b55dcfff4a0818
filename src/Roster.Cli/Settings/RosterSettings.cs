using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Roster.Api.Auth;
using Roster.Api.Cors;
using Roster.Api.Telemetry;
using Roster.Core.Events.Feed;
using Roster.Core.Keys;
using Roster.Core.RateLimits;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Caching;
using Roster.Email;
using Roster.Kafka;
using Roster.Redis;
using Roster.Resilience;

namespace Roster.Cli.Settings;

/// <summary>Everything that can be set, checked. <c>docs/settings.md</c> is its reference.</summary>
public sealed record RosterSettings
{
    private const int MinAdminKeyLength = 16;

    /// <summary>The folder of this installation: the administrator's key, and the only shard unless more are named.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The embedded store's shards, the control shard first; none on PostgreSQL.</summary>
    public required IReadOnlyList<ShardSettings> Shards { get; init; }

    /// <summary>The shards on PostgreSQL; null for the embedded store.</summary>
    public PostgresSettings? Postgres { get; init; }

    /// <summary>Where the server listens.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Listeners that serve only metrics, without a key.</summary>
    public required IReadOnlyList<string> MetricsUrls { get; init; }

    /// <summary>Who gets in beside the stored keys.</summary>
    public required AuthOptions Auth { get; init; }

    /// <summary>Whose pages may call the API from a browser.</summary>
    public required CrossOrigins CrossOrigins { get; init; }

    /// <summary>Limits of batches of changes.</summary>
    public required BatchingOptions Batching { get; init; }

    /// <summary>Deadlines and circuit breakers of shards.</summary>
    public required GuardOptions Guards { get; init; }

    /// <summary>Limits of what a node keeps in memory, all shards together.</summary>
    public required CacheOptions Cache { get; init; }

    /// <summary>Limits of event streams.</summary>
    public required FeedOptions Feed { get; init; }

    /// <summary>How long outbox entries are kept.</summary>
    public required TimeSpan OutboxRetention { get; init; }

    /// <summary>How long idempotency records are kept.</summary>
    public required TimeSpan IdempotencyRetention { get; init; }

    /// <summary>Where the mails of sign-ups go.</summary>
    public required EmailOptions Email { get; init; }

    /// <summary>Where events are published and consumed; null without a broker.</summary>
    public KafkaOptions? Kafka { get; init; }

    /// <summary>Where traces go; null when there are none.</summary>
    public TelemetryOptions? Telemetry { get; init; }

    /// <summary>How a line of the log looks.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>What nodes share for speed; null without Redis.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>What each caller may ask for; null without a limit.</summary>
    public RateLimitOptions? RateLimit { get; init; }

    /// <summary>How long Redis keeps a row.</summary>
    public required TimeSpan SharedExpiry { get; init; }

    /// <summary>Reads and checks all settings.</summary>
    /// <param name="configuration">Files, environment and flags, merged.</param>
    /// <param name="urls">The flag <c>--urls</c>, if given.</param>
    /// <param name="data">The flag <c>--data</c>, if given.</param>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static RosterSettings Read(IConfiguration configuration, string? urls, string? data)
    {
        var reader = new SettingsReader(configuration);
        var postgres = IsPostgres(reader) ? PostgresSettings.Read(reader) : null;
        var shards = postgres is null ? ShardSettings.Read(reader, data) : [];
        var maxWait = reader.Duration("Overload:MaxWait", TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(10));
        var folder = data ?? (shards.Count > 0 ? shards[0].Folder : "data");
        var settings = new RosterSettings
        {
            DataFolder = folder,
            Shards = shards,
            Postgres = postgres,
            Urls = Split(urls ?? configuration["Urls"] ?? "http://127.0.0.1:8080"),
            MetricsUrls = OnPorts(Checked(reader.List("Metrics:Urls"))),
            Auth = ReadAuth(reader),
            CrossOrigins = OriginSettings.Read(reader),
            Batching = new BatchingOptions
            {
                MaxBatch = reader.Number("Batching:MaxBatch", 500, 1, 10_000),
                Capacity = reader.Number("Batching:Capacity", 10_000, 1, 1_000_000),
                MaxInFlight = reader.Number("Batching:MaxInFlight", 1, 1, 8),
                MaxWait = maxWait,
            },
            Guards = new GuardOptions
            {
                ReadDeadline = reader.Duration("Overload:ReadDeadline", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(10)),
                MaxWait = maxWait,
            },
            Feed = EventSettings.Read(reader),
            Cache = CacheSettings.Read(reader),
            OutboxRetention = reader.Duration("Outbox:Retention", TimeSpan.FromDays(7), TimeSpan.FromMinutes(1)),
            IdempotencyRetention = reader.Duration("Idempotency:Retention", TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
            Email = EmailSettings.Read(reader, folder),
            Kafka = KafkaSettings.Read(reader),
            Telemetry = TelemetrySettings.Read(reader, configuration),
            LogFormat = TelemetrySettings.Format(reader),
            Redis = RedisSettings.Read(reader),
            RateLimit = RateLimitSettings.Read(reader),
            SharedExpiry = reader.Duration("Cache:Expiry", TimeSpan.FromHours(1), TimeSpan.FromSeconds(1)),
        };

        var anywhere = reader.Flag("Auth:AllowAnonymousAnywhere", standard: false);
        reader.RefuseUnknown();
        CheckAnonymous(settings, anywhere);
        return settings;
    }

    private static bool IsPostgres(SettingsReader reader) => reader.Text("Storage") switch
    {
        null or "sqlite" => false,
        "postgres" => true,
        var other => throw SettingsReader.Wrong("Storage", other, "sqlite or postgres"),
    };

    private static AuthOptions ReadAuth(SettingsReader reader)
    {
        var scopes = reader.List("Auth:AnonymousScopes");
        foreach (var unknown in scopes.Where(name => ScopeNames.Parse(name) == Scopes.None))
        {
            throw SettingsReader.Wrong("Auth:AnonymousScopes", unknown, $"scopes out of {ScopeNames.Known}");
        }

        var adminKey = reader.Text("Auth:AdminKey");
        if (adminKey is { Length: < MinAdminKeyLength })
        {
            throw new SettingsException($"Roster:Auth:AdminKey is too short to be safe: write at least {MinAdminKeyLength} characters.");
        }

        return new AuthOptions
        {
            AnonymousScopes = ScopeNames.ParseAll(scopes),
            AdminKeyHash = adminKey is null ? null : KeyToken.HashOf(adminKey),
            MaxKeyAge = reader.Duration("Auth:MaxKeyAge", TimeSpan.FromHours(1), TimeSpan.FromSeconds(10)),
            Jwt = JwtSettings.Read(reader),
            FailuresPerMinute = reader.Number("Auth:FailuresPerMinute", 30, 1, 1_000_000),
        };
    }

    private static void CheckAnonymous(RosterSettings settings, bool anywhere)
    {
        if (settings.Auth.AnonymousScopes != Scopes.None && !anywhere
            && settings.Urls.FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            throw new SettingsException(
                $"Roster:Auth:AnonymousScopes lets callers in without a key, but {open} is not a loopback address: listen on 127.0.0.1, or set Roster:Auth:AllowAnonymousAnywhere to true.");
        }
    }

    internal static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsLoopback;

    private static IReadOnlyList<string> Split(string urls)
    {
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return all.Length > 0 ? Checked(all) : throw NoAddress(urls);
    }

    private static IReadOnlyList<string> Checked(IReadOnlyList<string> urls) =>
        urls.FirstOrDefault(url => !(url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))) is { } wrong ? throw NoAddress(wrong) : urls;

    /// <summary>What listens there is told from the API by its port, so that has to be known before.</summary>
    private static IReadOnlyList<string> OnPorts(IReadOnlyList<string> urls) =>
        urls.Select(BindingAddress.Parse).FirstOrDefault(address => address is { Port: 0, IsUnixPipe: false }) is { } free
            ? throw new SettingsException($"Roster:Metrics:Urls has {free}: write a port, which a scraper has to know too, such as http://127.0.0.1:9464.")
            : urls;

    private static SettingsException NoAddress(string text) =>
        new($"\"{text}\" is no address to listen on: write one such as http://127.0.0.1:8080.");
}
