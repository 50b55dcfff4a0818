using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Histories;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Clients who tell each other of their commits: every read carries the tokens of all that ended before it.</summary>
internal sealed class CarriedTokens(IStore inner, SharedTokens tokens) : DelegatingStore(inner)
{
    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var results = await base.CommitAsync(changes, cancellation);
        foreach (var result in results)
        {
            tokens.Add(result.AsOf);
        }

        return results;
    }

    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        base.UsersAsync(ids, With(after), cancellation);

    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        base.PostsAsync(ids, With(after), cancellation);

    public override ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        base.NewestPostsAsync(authors, limit, With(after), cancellation);

    public override ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        base.UserByEmailAsync(email, With(after), cancellation);

    public override ValueTask<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        base.ListAsync(query, With(after), cancellation);

    public override ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        base.HistoryAsync(user, afterSequence, limit, With(after), cancellation);

    public override ValueTask<Read<User>?> PastStateAsync(UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        base.PastStateAsync(user, when, With(after), cancellation);

    private ConsistencyToken With(ConsistencyToken after) => tokens.Known.Covering(after);
}
