using Microsoft.AspNetCore.Http;
using Roster.Api.Http;
using Roster.Core.RateLimits;
using Roster.Core.Requests;

namespace Roster.Api.RateLimits;

/// <summary>
/// So many requests for each caller, refused with 429 beyond. Stands behind authentication, and not at all where no limit is set; what
/// is open to all, such as health, has no caller and is never limited.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, IRateLimit limit, RateLimitOptions options)
{
    private readonly RateLimitHeaders headers = new("key", options.Burst, options.WindowSeconds);

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<Caller>() is not { } caller)
        {
            return next(http);
        }

        var key = caller.Actor == Caller.Anonymous ? RateKey.Of(http.Connection.RemoteIpAddress) : RateKey.Of(caller.Actor);
        var taking = limit.TakeAsync(key, http.RequestAborted);
        return taking.IsCompletedSuccessfully ? AnswerAsync(http, taking.Result) : WaitAsync(http, taking);
    }

    private async Task WaitAsync(HttpContext http, ValueTask<RateVerdict> taking) => await AnswerAsync(http, await taking);

    private Task AnswerAsync(HttpContext http, RateVerdict verdict)
    {
        if (verdict.IsAllowed)
        {
            headers.Tell(http, verdict.Remaining, verdict.Wait);
            return next(http);
        }

        RateLimitMetrics.WasRefused();
        return headers.RefuseAsync(
            http,
            verdict.Wait,
            ProblemTypes.TooManyRequests,
            $"At most {options.PerSecond} requests a second, and {options.Burst} at once. Repeat in {RateLimitHeaders.Seconds(verdict.Wait)} s.");
    }
}
