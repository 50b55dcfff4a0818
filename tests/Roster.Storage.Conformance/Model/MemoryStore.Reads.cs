using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Conformance.Model;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done<IReadOnlyList<Read<User>?>>([.. ids.Select(id => ReadOf(users.GetValueOrDefault(id)))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done<IReadOnlyList<Read<Post>?>>(
                [.. ids.Select(id => posts.GetValueOrDefault(id) is { } post && Exists(post.User) ? ReadOf(post) : null)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done<IReadOnlyList<IReadOnlyList<Read<Post>>>>([.. authors.Select(author => Newest(author, limit))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Read<User>?> UserByEmailAsync(
        ClaimKey email, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done(
                claims.TryGetValue(email, out var held) && users.GetValueOrDefault(held.User) is { Exists: true } user
                    && user.EmailKey == email.EmailKey ? ReadOf(user) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            var byName = query.NamePrefix is not null;
            var page = users.Values
                .Where(u => u.Exists && u.Tenant == query.Tenant && (query.Status is not { } s || u.Status == s))
                .Select(u => (User: u, Key: new UserListKey(u.Id, byName ? FoldedName.Of(u.Name) : default)))
                .Where(u => query.NamePrefix is not { } prefix || u.Key.FoldedName.Span.StartsWith(prefix.Span))
                .Where(u => query.After is not { } last || Compare(u.Key, last, byName) > 0)
                .ToList();
            page.Sort((a, b) => Compare(a.Key, b.Key, byName));
            return Done<IReadOnlyList<Read<User>>>([.. page.Take(query.Limit).Select(u => ReadOf(u.User)!)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            var stream = streams.GetValueOrDefault(user) ?? [];
            return Done<IReadOnlyList<RecordedEvent>>([.. stream.Where(e => e.Sequence > afterSequence).Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation)
    {
        lock (gate)
        {
            var upTo = (streams.GetValueOrDefault(user) ?? [])
                .Where(e => e.What is UserEvent)
                .TakeWhile(e => when.Version is { } version ? e.Version <= version : e.At <= when.At);
            var state = users.TryGetValue(user, out var now) ? UserFold.Fold(upTo, now.Tenant) : null;
            return Done(when.Version is { } exactly && state?.Version != exactly ? null : ReadOf(state));
        }
    }

    private static int Compare(UserListKey a, UserListKey b, bool byName)
    {
        var names = byName ? a.FoldedName.Span.SequenceCompareTo(b.FoldedName.Span) : 0;
        return names != 0 ? names : a.Id.CompareTo(b.Id);
    }

    private Read<Post>[] Newest(PostsOf author, int limit) =>
        [.. posts.Values
            .Where(p => p.User == author.User && Exists(author.User) && (author.Before is not { } t || p.CreatedAt < t))
            .OrderByDescending(p => p.CreatedAt)
            .Take(limit)
            .Select(ReadOf)];

    private bool Exists(UserId user) => users.TryGetValue(user, out var state) && state.Exists;

    private Read<User>? ReadOf(User? state) => state is null ? null : new Read<User>(state, Now(state.Id.Bucket), encoders.User);

    private Read<Post> ReadOf(Post state) => new(state, Now(state.Id.Bucket), encoders.Post);
}
