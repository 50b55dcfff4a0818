using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Api.Realtime.Tickets;
using Roster.Core.Events.Feed;
using Roster.Core.Keys;

namespace Roster.Api.Realtime;

/// <summary>Events as they happen: <c>GET /events</c>, and tickets for those who cannot send a header.</summary>
internal static class EventsEndpoints
{
    private const int RetryAfterSeconds = 30;

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", Listen).Needs(Scopes.EventsRead).OrSelf().Outlives(orTicket: true);
        routes.MapPost("/events/tickets", IssueTicket).Needs(Scopes.EventsRead).OrSelf().Outlives();
    }

    private static async Task<IResult> Listen(HttpContext http, EventFeed feed, CredentialCheck credentials)
    {
        var after = EventRequests.ToPosition(http.Request);
        if (EventRequests.ToFilter(http.Request.Query, http.Caller()) is not { } filter)
        {
            return Problem.NotFound("user");
        }

        var identity = http.Identity();
        var listener = new FeedListener(filter, identity.Caller.Actor, identity.Caller.Only is not null)
        {
            MayGoOn = () => credentials.IsGood(identity),
            Abort = http.Abort,
        };
        var opening = await feed.OpenAsync(listener, after, http.RequestAborted);
        return opening.Stream is { } stream ? new EventStreamAnswer(stream) : Refused(http, opening.Refusal);
    }

    private static IResult IssueTicket(HttpContext http, EventTickets tickets)
    {
        var (ticket, until) = tickets.Issue(http.Identity());
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new TicketView(ticket, until.UtcDateTime), TicketJson.Default.TicketView, statusCode: 201);
    }

    /// <summary>Why no stream was opened.</summary>
    public static Problem Refused(HttpContext http, FeedRefusal refusal)
    {
        switch (refusal)
        {
            case FeedRefusal.Expired:
                return new(410, ProblemTypes.EventsExpired, "Events after this position are no longer kept: read the present state, then listen from now on, or from after=0.");
            case FeedRefusal.CallerIsFull:
                http.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
                return new(429, ProblemTypes.TooManyStreams, "You have as many streams on this node as one key may have: close some.");
            case FeedRefusal.NodeIsFull:
                return new(503, ProblemTypes.Unavailable, "This node has as many streams as it may: repeat, perhaps another one is asked.");
            case FeedRefusal.Draining:
                return new(503, ProblemTypes.Unavailable, "This node is shutting down.");
            default:
                return new(503, ProblemTypes.Unavailable, "A shard cannot be reached, so there is no position to begin from.");
        }
    }
}
