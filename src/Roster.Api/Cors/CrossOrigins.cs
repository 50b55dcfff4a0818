using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Roster.Api.Http;

namespace Roster.Api.Cors;

/// <summary>Origins whose pages may call this API from a browser, exactly as browsers send them; none by default.</summary>
public sealed record CrossOrigins(IReadOnlyList<string> Origins);

/// <summary>
/// ASP.NET Core's CORS middleware with one policy for all. No credentials: callers send a bearer token themselves, so
/// a browser has no cookie to lend to a stranger's page.
/// </summary>
internal static class CrossOriginRequests
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    private static readonly string[] Sent =
    [
        HeaderNames.Authorization, HeaderNames.ContentType, RequestHeaders.IdempotencyKey, HeaderNames.IfMatch, HeaderNames.IfNoneMatch,
        RequestHeaders.ConsistencyToken, "Last-Event-ID", HeaderNames.TraceParent,
    ];

    private static readonly string[] Shown =
    [
        HeaderNames.ETag, HeaderNames.Location, HeaderNames.Link, RequestHeaders.ConsistencyToken, RequestHeaders.IdempotencyReplayed,
        HeaderNames.RetryAfter, "RateLimit", "RateLimit-Policy", HeaderNames.WWWAuthenticate,
    ];

    /// <summary>Before authentication: a preflight carries no key, and a page may read why it was refused.</summary>
    public static void UseCrossOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<CrossOrigins>().Origins is not { Count: > 0 } origins)
        {
            return;
        }

        app.Use((http, next) =>
        {
            // On every answer, also to whom nothing is allowed: a cache must not show it to another origin.
            http.Response.OnStarting(() =>
            {
                if (!http.Response.Headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
                {
                    http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
                }

                return Task.CompletedTask;
            });
            return next(http);
        });
        app.UseCors(policy => Allow(policy, [.. origins]));
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods("GET", "HEAD", "POST", "PATCH", "DELETE")
        .WithHeaders(Sent)
        .WithExposedHeaders(Shown)
        .SetPreflightMaxAge(PreflightAge);
}
