using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>Everything an engine keeps of one user, as it lies there: for proving that state is the fold of events.</summary>
/// <param name="User">The user that rows or events speak of.</param>
/// <param name="State">The state row, if there is one.</param>
/// <param name="Posts">The post rows.</param>
/// <param name="Claims">The claims that name the user.</param>
/// <param name="Events">The whole stream, in order.</param>
public sealed record Ledger(
    UserId User, User? State, IReadOnlyList<Post> Posts, IReadOnlyList<ClaimKey> Claims, IReadOnlyList<RecordedEvent> Events);

/// <summary>What <c>roster rebuild</c> needs of an engine beside <see cref="IStore"/>; nobody else is writing meanwhile.</summary>
public interface IRebuildableStore
{
    /// <summary>Users after an id, in id order, found by any row that names them: state, post, claim or event.</summary>
    ValueTask<IReadOnlyList<Ledger>> LedgersAsync(UserId? after, int limit, CancellationToken cancellation);

    /// <summary>Puts state row, posts and claims of a user in place of what lies there; events are never touched, and none is made.</summary>
    ValueTask RestoreAsync(UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims, CancellationToken cancellation);
}
