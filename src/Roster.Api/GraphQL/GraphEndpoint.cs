using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Api.Telemetry;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>
/// <c>POST /graphql</c>: GraphQL over HTTP, and subscriptions over SSE (distinct connections) for those who accept
/// <c>text/event-stream</c>. There is no GET: an address is kept in logs and histories, and queries hold personal data.
/// </summary>
internal static class GraphEndpoint
{
    public static void MapGraph(this IEndpointRouteBuilder routes) => routes.MapPost("/graphql", Answer).NeedsByField();

    private static async Task<IResult> Answer(
        HttpContext http, GraphExecuter executer, GetUsers users, GetPosts posts, EventFeed feed, CredentialCheck credentials)
    {
        // A field that fails is logged where no request is known.
        http.BeginTrace();
        var request = GraphRequest.Of(await JsonBody.ReadAsync(http, MediaTypes.Json));
        Asking Ask(UserId? changed) =>
            new(http.Identity(), http.RawKey(), http.After(), users, posts, http.RequestAborted) { Changed = changed };
        var asking = Ask(null);
        var result = await executer.RunAsync(request, asking, http.RequestAborted);
        if (asking.Watched is not { } watched || result.Errors is { Count: > 0 })
        {
            return new GraphAnswer(result, asking);
        }

        if (!SubscriptionAnswer.IsAccepted(http.Request))
        {
            return GraphAnswer.Refuse("SUBSCRIPTION_NEEDS_STREAM", "A subscription is answered as a stream: send Accept: text/event-stream.", asking);
        }

        var identity = http.Identity();
        var listener = new FeedListener(watched, identity.Caller.Actor, watched.User is not null && identity.Own is not null)
        {
            MayGoOn = () => credentials.IsGood(identity),
            Abort = http.Abort,
        };
        var opening = await feed.OpenAsync(listener, null, http.RequestAborted);
        return opening.Stream is { } stream
            ? new SubscriptionAnswer(stream, user => executer.RunAsync(request, Ask(user), http.RequestAborted))
            : Realtime.EventsEndpoints.Refused(http, opening.Refusal);
    }
}
