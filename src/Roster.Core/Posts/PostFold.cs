using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>Posts from events: pure, the twin of <see cref="UserFold"/>.</summary>
public static class PostFold
{
    /// <summary>A post after one more event of its author that names it; null when the event deletes it.</summary>
    /// <exception cref="InvalidDataException">The event cannot follow this state: the stream is damaged.</exception>
    public static Post? Apply(Post? state, RecordedEvent recorded, TenantId tenant) => (state, recorded.What) switch
    {
        (null, PostPublished e) => new Post
        {
            Id = e.Post,
            User = recorded.User,
            Tenant = tenant,
            Text = e.Text,
            Version = recorded.Version,
            CreatedAt = recorded.At,
            UpdatedAt = recorded.At,
        },
        ({ } post, PostEdited e) => post with { Text = e.Text, Version = recorded.Version, UpdatedAt = recorded.At },
        ({ }, PostDeleted) => null,
        _ => throw new InvalidDataException($"Event {recorded.Id} ({recorded.What.Type}) cannot happen to post state {state?.Id}."),
    };

    /// <summary>An author's posts after a whole stream; none once the author was deleted.</summary>
    public static IReadOnlyDictionary<PostId, Post> Fold(IEnumerable<RecordedEvent> stream, TenantId tenant)
    {
        var posts = new Dictionary<PostId, Post>();
        foreach (var recorded in stream)
        {
            if (recorded.What is PostEvent e)
            {
                var next = Apply(posts.GetValueOrDefault(e.Post), recorded, tenant);
                if (next is null)
                {
                    posts.Remove(e.Post);
                }
                else
                {
                    posts[e.Post] = next;
                }
            }
            else if (recorded.What is UserDeleted)
            {
                posts.Clear();
            }
        }

        return posts;
    }
}
