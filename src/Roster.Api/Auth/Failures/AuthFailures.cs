using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Api.Http;
using Roster.Api.Telemetry;

namespace Roster.Api.Auth.Failures;

/// <summary>Answers whoever did not get in, and leaves a trace of it without a word of what was sent.</summary>
internal sealed partial class AuthFailures(FailureLimit limit, AuthOptions options, ILogger<AuthFailures> logger)
{
    private const string Challenge = "Bearer realm=\"roster\"";

    private readonly RateLimitHeaders headers = new("auth-failures", options.FailuresPerMinute, (int)FailureLimit.Window.TotalSeconds);

    /// <summary>A credential was missing or wrong: 401, or 429 once an address had too many of them.</summary>
    public Task RefuseAsync(HttpContext http, string problem)
    {
        http.BeginTrace();
        var address = http.Connection.RemoteIpAddress;
        return limit.Count(address) is { } wait ? RefuseMoreAsync(http, address, wait) : RefuseOneAsync(http, address, problem);
    }

    /// <summary>A JWT cannot be checked while the issuer's keys are not known: our trouble, not the sender's.</summary>
    public static Task PutOffAsync(HttpContext http)
    {
        AuthMetrics.Failed(StatusCodes.Status503ServiceUnavailable);
        return new Problem(503, ProblemTypes.Unavailable, "The identity provider's signing keys could not be fetched: repeat, or send an API key.")
            .ExecuteAsync(http);
    }

    /// <summary>Known, but without the scope: 403.</summary>
    public Task ForbidAsync(HttpContext http, string actor, string scope)
    {
        http.BeginTrace();
        LogMissingScope(http.Request.Method, http.Request.Path, actor, scope);
        http.Response.Headers.WWWAuthenticate = $"{Challenge}, error=\"insufficient_scope\", scope=\"{scope}\"";
        return new Problem(403, ProblemTypes.MissingScope, $"This needs the scope {scope}.").ExecuteAsync(http);
    }

    private Task RefuseOneAsync(HttpContext http, IPAddress? address, string problem)
    {
        AuthMetrics.Failed(StatusCodes.Status401Unauthorized);
        LogUnauthenticated(http.Request.Method, http.Request.Path, address, problem);
        http.Response.Headers.WWWAuthenticate = problem == Authenticated.Missing ? Challenge : $"{Challenge}, error=\"invalid_token\"";
        return new Problem(
            401,
            ProblemTypes.Unauthenticated,
            $"Send a valid API key (Authorization: Bearer rk_…) or, where an identity provider is connected, its JWT in the same way: {problem}.")
            .ExecuteAsync(http);
    }

    private Task RefuseMoreAsync(HttpContext http, IPAddress? address, TimeSpan wait)
    {
        AuthMetrics.Failed(StatusCodes.Status429TooManyRequests);
        if (limit.IsNews(address))
        {
            LogTooMany(address, options.FailuresPerMinute);
        }

        return headers.RefuseAsync(
            http,
            wait,
            ProblemTypes.TooManyFailures,
            $"Too many credentials from your address were invalid. Repeat in {RateLimitHeaders.Seconds(wait)} s; a valid one is let in at once.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} from {Remote}: no valid credential: {Problem}")]
    private partial void LogUnauthenticated(string method, PathString path, IPAddress? remote, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} had {Limit} invalid credentials in a minute: more get 429 and are not logged")]
    private partial void LogTooMany(IPAddress? remote, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: {Actor} lacks {Scope}")]
    private partial void LogMissingScope(string method, PathString path, string actor, string scope);
}
