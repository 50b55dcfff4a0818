using Microsoft.AspNetCore.Http;

namespace Roster.Api.Metrics;

/// <summary>On a listener of its own, metrics are open and everything else is absent.</summary>
internal sealed class MetricsListenerMiddleware(RequestDelegate next, MetricsOptions options)
{
    private const string Path = "/metrics";

    public Task InvokeAsync(HttpContext http)
    {
        if (options.OpenPorts.Count == 0 || !options.OpenPorts.Contains(http.Connection.LocalPort))
        {
            return next(http);
        }

        if (http.Request.Path.Value?.TrimEnd('/') != Path)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Features.Set(OpenScrape.Instance);
        return next(http);
    }
}

/// <summary>Marks a request that came in over the metrics listener.</summary>
internal sealed class OpenScrape
{
    public static OpenScrape Instance { get; } = new();
}
