using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>Posts by id and by author; and the one place that decides whether a caller may know of a post.</summary>
public sealed class GetPosts(IStore store, GetUsers users)
{
    /// <summary>Posts per page when a client does not say.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Most posts per page.</summary>
    public const int MaxLimit = 500;

    /// <summary>Posts that are shown with each user of a list.</summary>
    public const int WithUser = 10;

    /// <summary>One post, or null.</summary>
    public async ValueTask<Read<Post>?> OneAsync(
        PostId id, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        await store.PostAsync(id, after, cancellation) is { } read && IsVisible(read.State, caller) ? read : null;

    /// <summary>A page of a user's posts, newest first.</summary>
    /// <param name="author">The user; a deleted one has no posts to anybody.</param>
    /// <param name="limit">1 to <see cref="MaxLimit"/>.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="after">The read must include everything the token covers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<PartPage<Read<Post>>> OfUserAsync(
        UserId author, int limit, string? cursor, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        DateTimeOffset? before = null;
        if (cursor is not null)
        {
            if (!Cursor.TryReadNumber(cursor, FiltersOf(author), out var microseconds)
                || !Timestamps.TryFromMicroseconds(microseconds, out var time))
            {
                return new(Found: true, CursorFits: false, null);
            }

            before = time;
        }

        if (!caller.Reaches(author) || await users.OneAsync(author, caller, after, cancellation) is not { State.Exists: true })
        {
            return new(Found: false, CursorFits: true, null);
        }

        var found = await store.NewestPostsAsync([new PostsOf(author, before)], limit + 1, after, cancellation);
        return new(true, true, PageOf(author, found[0], limit));
    }

    /// <summary>
    /// The first page of each of these users' posts, in their order: one question to the store, however many users.
    /// </summary>
    /// <param name="authors">Users that the caller was shown.</param>
    /// <param name="after">The read must include everything the token covers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<IReadOnlyList<Page<Read<Post>>>> NewestAsync(
        IReadOnlyList<Read<User>> authors, ConsistencyToken after, CancellationToken cancellation)
    {
        var found = await store.NewestPostsAsync(
            [.. authors.Select(author => new PostsOf(author.State.Id, Before: null))], WithUser + 1, after, cancellation);
        return [.. found.Select((posts, i) => PageOf(authors[i].State.Id, posts, WithUser))];
    }

    private static Page<Read<Post>> PageOf(UserId author, IReadOnlyList<Read<Post>> found, int limit) =>
        Page.Of(found, limit, last => Cursor.WriteNumber(
            FiltersOf(author), Timestamps.ToMicroseconds(last.State.CreatedAt)));

    private static string FiltersOf(UserId author) => $"posts {author}";

    private static bool IsVisible(Post post, Caller caller) => post.Tenant == caller.Tenant && caller.Reaches(post.User);
}
