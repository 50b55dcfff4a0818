using Roster.Core.Events;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage.Caching;

/// <summary>The rows that an event tells of, and the version that each has at least afterwards.</summary>
public static class ChangedRows
{
    /// <summary>Of one event: none for a sign-up, before which there was no row.</summary>
    public static IEnumerable<(Guid Id, long Version)> Of(RecordedEvent recorded)
    {
        if (recorded.What is SignedUp)
        {
            yield break;
        }

        // A post's event moves its author's sequence, which is part of the author's row.
        yield return (recorded.User.Value, recorded.Sequence);
        if (recorded.What is PostEvent post)
        {
            yield return (post.Post.Value, post is PostDeleted ? long.MaxValue : recorded.Version);
        }
    }
}
