using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A client who wants everything in one order: it remembers the tokens of its commits and of what it was shown, and sends them with its reads.</summary>
internal sealed class CarriedTokens(IStore inner) : DelegatingStore(inner)
{
    private readonly Lock gate = new();
    private ConsistencyToken known = ConsistencyToken.None;

    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var results = await base.CommitAsync(changes, cancellation);
        foreach (var result in results)
        {
            Add(result.AsOf);
        }

        return results;
    }

    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.UsersAsync(ids, With(after), cancellation));

    public override async ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.PostsAsync(ids, With(after), cancellation));

    public override async ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.NewestPostsAsync(authors, limit, With(after), cancellation));

    public override async ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.UserByEmailAsync(email, With(after), cancellation));

    public override async ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.ListAsync(query, With(after), cancellation));

    public override async ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.HistoryAsync(user, afterSequence, limit, With(after), cancellation));

    public override async ValueTask<Read<User>?> PastStateAsync(UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        await SeenAsync(base.PastStateAsync(user, when, With(after), cancellation));

    private async ValueTask<T> SeenAsync<T>(ValueTask<T> reading)
    {
        var shown = await reading;
        Add(await Inner.SeenAsync(default, CancellationToken.None));
        return shown;
    }

    private void Add(ConsistencyToken token)
    {
        lock (gate)
        {
            known = known.Covering(token);
        }
    }

    private ConsistencyToken With(ConsistencyToken after)
    {
        lock (gate)
        {
            return known.Covering(after);
        }
    }
}
