using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Roster.Api.Realtime;

/// <summary>The head of every answer of Server-Sent Events: kept by nobody, buffered by nobody, and as slow as what happens.</summary>
internal static class EventStreamHead
{
    public const string MediaType = "text/event-stream";

    /// <summary>Sets it; nothing is sent yet.</summary>
    public static void Set(HttpContext http)
    {
        var response = http.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";

        // nginx would wait for its buffer to fill.
        response.Headers["X-Accel-Buffering"] = "no";
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = null;
        }
    }
}
