using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Roster.Api.Telemetry;

/// <summary>
/// The trace that a request is part of (W3C Trace Context). While no traces are exported the framework begins none, as that costs
/// more than all else of a cached answer; one begins here, once something is told of the request: by a problem, or a line of the log.
/// </summary>
internal static class RequestTrace
{
    /// <summary>The request's trace: begun now, unless it has been. What is logged from here on, until the asynchronous caller ends, names it.</summary>
    public static ActivityTraceId BeginTrace(this HttpContext http)
    {
        var activity = http.Features.Get<IHttpActivityFeature>()?.Activity ?? Begin(http);
        Activity.Current = activity;
        return activity.TraceId;
    }

    private static Activity Begin(HttpContext http)
    {
        // What happens to be current is whoever opened the connection, or started the server.
        Activity.Current = null;
        var activity = new Activity(http.Request.Method).SetIdFormat(ActivityIdFormat.W3C);
        if (ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, out var caller))
        {
            activity.SetParentId(caller.TraceId, caller.SpanId, caller.TraceFlags);
        }

        http.Features.Set<IHttpActivityFeature>(new Begun { Activity = activity.Start() });
        return activity;
    }

    private sealed class Begun : IHttpActivityFeature
    {
        public required Activity Activity { get; set; }
    }
}
