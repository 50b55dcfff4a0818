using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Conformance.Model;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<OutboxPage> OutboxAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            var page = outboxes[shard].Page(Timeline, after, limit);
            return Done(page.Entries.Count < limit ? page with { AsOf = new Position(shard, Timeline, commits) } : page);
        }
    }

    /// <summary>All that may be left out is.</summary>
    public async ValueTask<OutboxPage> OutboxOfChangesAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation)
    {
        var page = await OutboxAsync(shard, after, limit, cancellation);
        return page with { Entries = [.. page.Entries.Where(entry => entry.Event.What is not SignedUp)] };
    }

    /// <inheritdoc/>
    public ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done(new OutboxCursor(Timeline, outboxes[shard].Head));
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation)
    {
        lock (gate)
        {
            var entries = outboxes.Values.Sum(outbox => outbox.Drop(expiry));

            var records = outcomes.Where(o => o.Value.At < expiry.IdempotencyBefore).Take(expiry.Limit).ToList();
            records.ForEach(r => outcomes.Remove(r.Key));

            var orphans = posts.Values.Where(p => !Exists(p.User)).Take(expiry.Limit).ToList();
            orphans.ForEach(p => posts.Remove(p.Id));
            return Done(entries + records.Count + orphans.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Ledger>> LedgersAsync(UserId? after, int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            var named = users.Keys.Concat(posts.Values.Select(p => p.User)).Concat(claims.Values.Select(c => c.User)).Concat(streams.Keys);
            return Done<IReadOnlyList<Ledger>>(
                [.. named.Distinct().Where(id => after is not { } last || id > last).Order().Take(limit).Select(LedgerOf)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask RestoreAsync(
        UserId user,
        User? state,
        IReadOnlyList<Post> posts,
        IReadOnlyList<ClaimKey> claims,
        CancellationToken cancellation)
    {
        lock (gate)
        {
            commits++;
            var old = LedgerOf(user);
            users.Remove(user);
            old.Posts.ToList().ForEach(p => this.posts.Remove(p.Id));
            old.Claims.ToList().ForEach(c => this.claims.Remove(c));

            if (state is not null)
            {
                users.Add(user, state);
            }

            posts.ToList().ForEach(p => this.posts.Add(p.Id, p));
            claims.ToList().ForEach(c => this.claims[c] = new(user, 0, null));
            standings.Remove(user);
        }

        return default;
    }

    private Ledger LedgerOf(UserId id) => new(
        id,
        users.GetValueOrDefault(id),
        [.. posts.Values.Where(p => p.User == id)],
        [.. claims.Where(c => c.Value.User == id).Select(c => c.Key)],
        [.. streams.GetValueOrDefault(id) ?? []]);
}
