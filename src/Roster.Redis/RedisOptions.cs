using System.Net;
using StackExchange.Redis;

namespace Roster.Redis;

/// <summary>Where Redis is, and how long anybody waits for it.</summary>
public sealed record RedisOptions
{
    /// <summary>A connection that is away for longer than this is given up, and made anew in the background.</summary>
    private const int ConnectTimeoutMs = 1_000;

    /// <summary>Nobody waits that long (<see cref="Deadline"/>): it frees what waits for a reply that does not come.</summary>
    private const int ReplyTimeoutMs = 1_000;

    private RedisOptions(ConfigurationOptions configuration) => Configuration = configuration;

    /// <summary>How long a request waits for Redis before it goes on without it.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Host and port of each server, separated by commas: no password.</summary>
    public string Address => string.Join(',', Configuration.EndPoints.Select(Text));

    internal ConfigurationOptions Configuration { get; }

    /// <summary>Reads StackExchange.Redis's configuration, such as <c>redis:6379,password=…,ssl=true</c>.</summary>
    /// <exception cref="ArgumentException">It cannot be read, or names no server. The message holds no secret.</exception>
    public static RedisOptions Parse(string configuration)
    {
        // The library's own exception may quote an option's value, which may be the password: it goes no further.
        if (Parsed(configuration) is not { EndPoints.Count: > 0 } parsed)
        {
            throw new ArgumentException("It names no server, an option of it is unknown, or its value is of the wrong kind.", nameof(configuration));
        }

        parsed.AbortOnConnectFail = false;
        parsed.BacklogPolicy = BacklogPolicy.FailFast;
        parsed.IncludeDetailInExceptions = false;

        // The library counts INFO as administration.
        parsed.AllowAdmin = true;
        parsed.ClientName ??= "roster";
        parsed.ConnectTimeout = Math.Min(parsed.ConnectTimeout, ConnectTimeoutMs);
        parsed.AsyncTimeout = Math.Min(parsed.AsyncTimeout, ReplyTimeoutMs);
        parsed.SyncTimeout = Math.Min(parsed.SyncTimeout, ReplyTimeoutMs);
        return new RedisOptions(parsed);
    }

    private static ConfigurationOptions? Parsed(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static string Text(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint named => $"{named.Host}:{named.Port}",
        _ => endPoint.ToString() ?? string.Empty,
    };
}
