using Microsoft.AspNetCore.Http;
using Roster.Api.Http;
using Roster.Core.Events;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Requests;

namespace Roster.Api.Realtime;

/// <summary>What a request for a stream asks for.</summary>
internal static class EventRequests
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>
    /// Where to begin; null for now. <c>Last-Event-ID</c> wins over <c>after</c>: a browser that reconnects sends it with the
    /// address that it first had.
    /// </summary>
    public static FeedPosition? ToPosition(HttpRequest request)
    {
        var header = request.Headers[LastEventId];
        var text = header.Count == 0 || header[0] is "" ? request.Query.Text("after") : header.ToString();
        return text is null ? null
            : FeedPosition.TryParse(text, out var position) ? position
            : throw new RefusedRequest(400, ProblemTypes.BadCursor, "after, or Last-Event-ID, must be the id of an event of this stream, or 0.");
    }

    /// <summary>What goes through; null when it is a user that the caller cannot reach.</summary>
    public static FeedFilter? ToFilter(IQueryCollection query, Caller caller)
    {
        var types = ToTypes(query);
        if (query.Text("userId") is not { } text)
        {
            return new FeedFilter(caller.Tenant, caller.Only, types);
        }

        return UserId.TryParse(text, out var user) && caller.Reaches(user) ? new FeedFilter(caller.Tenant, user, types) : null;
    }

    private static HashSet<string>? ToTypes(IQueryCollection query)
    {
        if (query.Text("types") is not { } text)
        {
            return null;
        }

        var types = text.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        return types.IsSubsetOf(EventTypes.All)
            ? types
            : throw RefusedRequest.Invalid(new ValidationErrors().Add("types", $"must be of {string.Join(", ", EventTypes.All)}, separated by commas"));
    }
}
