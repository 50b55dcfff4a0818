using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Roster.Api.Http;

/// <summary>
/// A limit as headers say it (draft-ietf-httpapi-ratelimit-headers-10): its policy's name with the quota <c>q</c> in a window of <c>w</c>
/// seconds; <c>r</c> left, <c>t</c> seconds until there is more.
/// </summary>
internal sealed class RateLimitHeaders(string name, int quota, int windowSeconds)
{
    private readonly StringValues policy = $"\"{name}\";q={quota};w={windowSeconds}";

    /// <summary>A wait in whole seconds, as headers and sentences say it.</summary>
    public static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    /// <summary>Says how much is left.</summary>
    public void Tell(HttpContext http, int left, TimeSpan wait)
    {
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = $"\"{name}\";r={left};t={Seconds(wait)}";
    }

    /// <summary>Nothing is left: 429.</summary>
    public Task RefuseAsync(HttpContext http, TimeSpan wait, string type, string detail)
    {
        Tell(http, left: 0, wait);
        http.Response.Headers.RetryAfter = $"{Seconds(wait)}";
        return new Problem(429, type, detail).ExecuteAsync(http);
    }
}
