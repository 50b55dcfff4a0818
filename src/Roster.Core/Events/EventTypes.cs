using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Events;

/// <summary>The types of all events, as they stand on the wire.</summary>
public static class EventTypes
{
    /// <summary>Of users, then of posts.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        SignedUp.TypeName, ProfileChanged.TypeName, EmailChanged.TypeName, Suspended.TypeName, Reactivated.TypeName, UserDeleted.TypeName,
        PostPublished.TypeName, PostEdited.TypeName, PostDeleted.TypeName,
    ];
}
