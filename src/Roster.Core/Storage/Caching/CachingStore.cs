using System.Diagnostics.CodeAnalysis;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage.Caching;

/// <summary>
/// One shard behind this node's memory: users and posts by id are served from there as far as the token allows; all else goes to
/// the store behind.
/// </summary>
public sealed class CachingStore : DelegatingStore
{
    private readonly ShardCache cache;
    private readonly StateEncoders encoders;
    private readonly CachedRows<UserId, User> users;
    private readonly CachedRows<PostId, Post> posts;

    /// <summary>A cache before a store.</summary>
    /// <param name="inner">One shard, with its batching; disposed with this store.</param>
    /// <param name="cache">The shard's rows; somebody has to tell it what the outbox says, or it serves nothing.</param>
    /// <param name="encoders">How states become bodies.</param>
    public CachingStore(IStore inner, ShardCache cache, StateEncoders encoders)
        : base(inner)
    {
        (this.cache, this.encoders) = (cache, encoders);
        users = new(new UserRows(), cache, inner.UsersAsync);
        posts = new(new PostRows(), cache, inner.PostsAsync);
    }

    /// <inheritdoc/>
    public override bool TryUser(UserId id, ConsistencyToken after, [NotNullWhen(true)] out Read<User>? read) => TryGet(id.Value, after, out read);

    /// <inheritdoc/>
    public override bool TryPost(PostId id, ConsistencyToken after, [NotNullWhen(true)] out Read<Post>? read) => TryGet(id.Value, after, out read);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) => users.RunAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) => posts.RunAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var touched = new TouchedRows?[changes.Count];
        var isTouched = false;
        for (var i = 0; i < touched.Length; i++)
        {
            touched[i] = TouchedRows.Of(changes[i]);
            isTouched |= touched[i] is not null;
        }

        return isTouched ? CommitAsync(changes, touched, cancellation) : Inner.CommitAsync(changes, cancellation);
    }

    private bool TryGet<T>(Guid id, ConsistencyToken after, [NotNullWhen(true)] out Read<T>? read)
        where T : class
    {
        var isHere = cache.TryGet(id, after, out read);
        if (isHere)
        {
            cache.Counts.Hit();
        }

        return isHere;
    }

    private async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, TouchedRows?[] touched, CancellationToken cancellation)
    {
        foreach (var rows in touched.OfType<TouchedRows>())
        {
            cache.Begin(rows);
            Part(rows);
        }

        IReadOnlyList<ChangeResult>? results = null;
        try
        {
            results = await Inner.CommitAsync(changes, cancellation);
            return results;
        }
        finally
        {
            for (var i = 0; i < touched.Length; i++)
            {
                if (touched[i] is { } rows)
                {
                    End(changes[i], rows, results?[i].Outcome == ChangeOutcome.Committed);
                }
            }
        }
    }

    /// <summary>Before the commit is acknowledged: nobody who was told of it finds what was before.</summary>
    private void End(Change change, TouchedRows rows, bool committed)
    {
        Part(rows);
        cache.End(rows, committed);

        // Who reads it next finds it here; a row that nobody reads is not worth the room.
        if (committed && rows.WereHere && rows.Rows is [var (user, sequence), ..] && change.Next is { } next)
        {
            cache.KeepCommitted(user, sequence, next, encoders.User);
        }
    }

    private void Part(TouchedRows rows)
    {
        foreach (var (id, _) in rows.Rows)
        {
            users.Part(id);
            posts.Part(id);
        }
    }
}
