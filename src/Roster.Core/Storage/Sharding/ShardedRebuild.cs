using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Storage.Sharding;

/// <summary>Many shards for <c>rebuild</c>: a user's rows lie in its own shard, its claims perhaps in others.</summary>
/// <param name="map">Who owns each bucket.</param>
/// <param name="shards">The engines, by shard.</param>
public sealed class ShardedRebuild(ShardMap map, IReadOnlyDictionary<ShardId, IRebuildableStore> shards) : IRebuildableStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Ledger>> LedgersAsync(UserId? after, int limit, CancellationToken cancellation)
    {
        var pages = await Task.WhenAll(shards.Values.Select(shard => shard.LedgersAsync(after, limit, cancellation).AsTask()));

        // Beyond the end of a page that is full, its shard may have more to say of a user.
        var end = pages.Where(page => page.Count == limit && limit > 0).Select(page => (UserId?)page[^1].User).Min();
        return [.. pages.SelectMany(page => page)
            .Where(ledger => end is not { } last || ledger.User <= last)
            .GroupBy(ledger => ledger.User)
            .OrderBy(group => group.Key)
            .Take(limit)
            .Select(group => group.Aggregate(Merge))];
    }

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(
        UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims, CancellationToken cancellation)
    {
        var home = map.Owners[user.Bucket.Value];
        foreach (var (id, shard) in shards)
        {
            ClaimKey[] there = [.. claims.Where(claim => map.Owners[claim.Bucket.Value] == id)];
            await (id == home
                ? shard.RestoreAsync(user, state, posts, there, cancellation)
                : shard.RestoreAsync(user, null, [], there, cancellation));
        }
    }

    private static Ledger Merge(Ledger one, Ledger other) => new(
        one.User,
        one.State ?? other.State,
        [.. one.Posts, .. other.Posts],
        [.. one.Claims, .. other.Claims],
        one.Events.Count > 0 ? one.Events : other.Events);
}
