using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Api.Telemetry;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>The one place where failures become problems: outages, refused requests, bugs, and the framework's empty errors.</summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null } response)
            {
                await new Problem(response.StatusCode, ProblemTypes.Http, DetailOf(http)).ExecuteAsync(http);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer; what was committed stays committed.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.BeginTrace();
            await ProblemOf(e, http).ExecuteAsync(http);
        }
    }

    private Problem ProblemOf(Exception e, HttpContext http)
    {
        switch (e)
        {
            case BadHttpRequestException refused:
                return Problem.Of(refused);
            case StoreBusyException:
                return new Problem(503, ProblemTypes.Unavailable, e.Message);
            case OutcomeUnknownException:
                LogUnavailable(e, http.Request.Method, http.Request.Path);
                return new Problem(503, ProblemTypes.OutcomeUnknown, $"{e.Message} Repeat the request with the same Idempotency-Key.");
            case StoreUnavailableException:
                LogUnavailable(e, http.Request.Method, http.Request.Path);
                return new Problem(503, ProblemTypes.Unavailable, e.Message);
            default:
                LogBug(e, http.Request.Method, http.Request.Path);
                return new Problem(500, ProblemTypes.Internal, "This is a fault of ours. The log has the details under this trace id.");
        }
    }

    private static string DetailOf(HttpContext http) => http.Response.StatusCode switch
    {
        404 => $"There is nothing at {http.Request.Path}.",
        405 => $"{http.Request.Path} does not answer {http.Request.Method}; it answers {http.Response.Headers.Allow}.",
        var status => $"The request was refused with status {status}.",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogBug(Exception e, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was not possible")]
    private partial void LogUnavailable(Exception e, string method, PathString path);
}
