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

    /// <summary>One post without waiting, if it is at hand; then null means that the caller may not know of it.</summary>
    public bool TryOne(PostId id, Caller caller, ConsistencyToken after, out Read<Post>? found)
    {
        var isHere = store.TryPost(id, after, out var read);
        found = Visible(read, caller);
        return isHere;
    }

    /// <summary>One post, or null.</summary>
    public ValueTask<Read<Post>?> OneAsync(PostId id, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        TryOne(id, caller, after, out var found) ? new(found) : ReadAsync(id, caller, after, cancellation);

    /// <summary>Many posts, in the order asked for; null where there is none.</summary>
    public async ValueTask<IReadOnlyList<Read<Post>?>> ManyAsync(
        IReadOnlyList<PostId> ids, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        var reads = await store.PostsAsync(ids, after, cancellation);
        return [.. reads.Select(read => Visible(read, caller))];
    }

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
        if (!TryBefore(author, cursor, out var before))
        {
            return new(Found: true, CursorFits: false, null);
        }

        if (!caller.Reaches(author) || await users.OneAsync(author, caller, after, cancellation) is not { State.Exists: true })
        {
            return new(Found: false, CursorFits: true, null);
        }

        var found = await store.NewestPostsAsync([new PostsOf(author, before)], limit + 1, after, cancellation);
        return new(true, true, PageOf(found[0], limit));
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
        return [.. found.Select(posts => PageOf(posts, WithUser))];
    }

    /// <summary>
    /// A page of each of these users' posts, in the order asked for and of any sizes: one question to the store. Null where
    /// the cursor is not one of the user's list.
    /// </summary>
    /// <param name="asked">Users that the caller was shown.</param>
    /// <param name="after">The read must include everything the token covers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<IReadOnlyList<Page<Read<Post>>?>> PagesAsync(
        IReadOnlyList<PostsAsked> asked, ConsistencyToken after, CancellationToken cancellation)
    {
        var authors = new PostsOf?[asked.Count];
        for (var i = 0; i < authors.Length; i++)
        {
            authors[i] = TryBefore(asked[i].Author, asked[i].Cursor, out var before) ? new PostsOf(asked[i].Author, before) : null;
        }

        var fitting = authors.OfType<PostsOf>().ToList();
        if (fitting.Count == 0)
        {
            return new Page<Read<Post>>?[asked.Count];
        }

        var found = await store.NewestPostsAsync(fitting, asked.Max(one => one.Limit) + 1, after, cancellation);
        var next = 0;
        return [.. asked.Select((one, i) => authors[i] is null ? null : PageOf([.. found[next++].Take(one.Limit + 1)], one.Limit))];
    }

    /// <summary>Where a user's list goes on after a post.</summary>
    public static string CursorAfter(Post post) =>
        Cursor.WriteNumber(FiltersOf(post.User), Timestamps.ToMicroseconds(post.CreatedAt));

    private static bool TryBefore(UserId author, string? cursor, out DateTimeOffset? before)
    {
        before = null;
        if (cursor is null)
        {
            return true;
        }

        var fits = Cursor.TryReadNumber(cursor, FiltersOf(author), out var microseconds) & Timestamps.TryFromMicroseconds(microseconds, out var time);
        before = time;
        return fits;
    }

    private static Page<Read<Post>> PageOf(IReadOnlyList<Read<Post>> found, int limit) =>
        Page.Of(found, limit, last => CursorAfter(last.State));

    private static string FiltersOf(UserId author) => $"posts {author}";

    private async ValueTask<Read<Post>?> ReadAsync(PostId id, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        Visible(await store.PostAsync(id, after, cancellation), caller);

    private static Read<Post>? Visible(Read<Post>? read, Caller caller) =>
        read is not null && read.State.Tenant == caller.Tenant && caller.Reaches(read.State.User) ? read : null;
}
