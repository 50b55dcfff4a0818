using GraphQL;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Keys;

namespace Roster.Api.GraphQL;

/// <summary>What can be subscribed to.</summary>
internal static class SubscriptionFields
{
    /// <summary>First says what is watched, then tells of one change after the other.</summary>
    public static object? UserChanged(IResolveFieldContext context, Asking asking)
    {
        var caller = asking.As(Scopes.EventsRead);
        if (asking.Changed is { } changed)
        {
            return asking.UserOf(changed, caller);
        }

        UserId? only = caller.Only;
        if (context.GetArgument<string?>("id") is { } text)
        {
            only = UserId.TryParse(text, out var id) && caller.Reaches(id)
                ? id
                : throw new ExecutionError("There is no such user.") { Code = "NOT_FOUND" };
        }

        asking.Watched = new FeedFilter(caller.Tenant, only);
        return null;
    }
}
