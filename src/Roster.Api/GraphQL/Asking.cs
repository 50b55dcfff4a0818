using GraphQL;
using Roster.Api.Auth;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>One operation being answered: who asks, what reads must include, and the loaders that gather a level's reads.</summary>
internal sealed class Asking : Dictionary<string, object?>
{
    private readonly GetUsers users;
    private readonly GetPosts posts;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<Caller, LevelReads<UserId, Read<User>?>> userReads = [];
    private readonly Dictionary<Caller, LevelReads<PostId, Read<Post>?>> postReads = [];
    private readonly LevelReads<PostsAsked, Page<Read<Post>>?> pageReads;

    public Asking(Identity identity, string? key, ConsistencyToken after, GetUsers users, GetPosts posts, CancellationToken cancellation)
    {
        (Identity, Key, After, this.users, this.posts, this.cancellation) = (identity, key, after, users, posts, cancellation);
        pageReads = new(asked => posts.PagesAsync(asked, After, cancellation));
    }

    public Identity Identity { get; }

    /// <summary>The request's idempotency key, without the response path that each field appends.</summary>
    public string? Key { get; }

    /// <summary>What reads must include: what the client sent, and what this operation wrote.</summary>
    public ConsistencyToken After { get; private set; }

    /// <summary>Whether something was written.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>What a subscription is for; set when its field is first resolved.</summary>
    public FeedFilter? Watched { get; set; }

    /// <summary>The user that changed, while a subscription tells of it.</summary>
    public UserId? Changed { get; init; }

    public void Wrote(ConsistencyToken written) => (After, HasWritten) = (After.Covering(written), true);

    /// <summary>As whom a field is answered: freely, or bound to the caller's own user.</summary>
    /// <exception cref="ExecutionError">The credential has not the scope.</exception>
    public Caller As(Scopes scope, bool orSelf = true) =>
        Identity.Granted.Cover(scope) ? Identity.Caller
        : orSelf && Identity.Own is { } own ? own
        : throw new ExecutionError($"This needs scope {ScopeNames.NameOf(scope)}.") { Code = "MISSING_SCOPE" };

    public LevelRead<Read<User>?> UserOf(UserId id, Caller caller)
    {
        if (!userReads.TryGetValue(caller, out var reads))
        {
            userReads[caller] = reads = new(ids => users.ManyAsync(ids, caller, After, cancellation));
        }

        return reads.Of(id);
    }

    public LevelRead<Read<Post>?> PostOf(PostId id, Caller caller)
    {
        if (!postReads.TryGetValue(caller, out var reads))
        {
            postReads[caller] = reads = new(ids => posts.ManyAsync(ids, caller, After, cancellation));
        }

        return reads.Of(id);
    }

    /// <summary>A page of a user's posts; null when the cursor is not one of it.</summary>
    public LevelRead<Page<Read<Post>>?> PostsOf(PostsAsked asked) => pageReads.Of(asked);
}
