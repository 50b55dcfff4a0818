using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Storage.Caching;
using Roster.Core.Users;

namespace Roster.Redis.Caching;

/// <summary>
/// One shard behind the rows that all nodes share: users by id are looked for in Redis first, and put there when they were not.
/// What Redis has is served only if this node's own cache vouches for it, as for a replica's answer. All else goes to the store behind.
/// </summary>
public sealed class SharedStore : DelegatingStore
{
    private static readonly BatchingOptions Limits = new() { MaxInFlight = 2 };

    private readonly CancellationTokenSource stop = new();
    private readonly ShardCache cache;
    private readonly StateEncoders encoders;
    private readonly RedisConnection connection;
    private readonly SharedUsers users;
    private readonly Fills fills;
    private readonly NaturalBatcher<UserId, SharedUser?> batcher;
    private readonly Task[] working;

    /// <summary>Shared rows before a store.</summary>
    /// <param name="inner">One shard, with its batching; disposed with this store.</param>
    /// <param name="cache">The shard's rows in this node's memory, which stand before this store.</param>
    /// <param name="calls">The way to Redis.</param>
    /// <param name="options">How rows are shared.</param>
    /// <param name="encoders">How states become bodies.</param>
    /// <param name="time">The clock.</param>
    public SharedStore(IStore inner, ShardCache cache, RedisCalls calls, SharedCacheOptions options, StateEncoders encoders, TimeProvider time)
        : base(inner)
    {
        (this.cache, this.encoders, connection) = (cache, encoders, calls.Connection);
        users = new SharedUsers(cache.Shard, calls, options);
        fills = new Fills(users, Counts);
        batcher = new("shared-users", GetAsync, Limits);
        var invalidations = new Invalidations(users, options, time);
        cache.Told = invalidations.Add;
        working =
        [
            invalidations.RunAsync(stop.Token),
            fills.RunAsync(stop.Token),
            connection.SubscribeAsync(users.Channel, message => Hints.Read(message.Span, cache), time, stop.Token),
        ];
    }

    /// <summary>What it did.</summary>
    internal SharedCounts Counts { get; } = new();

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        if (after.IsLatest || !cache.IsUsable)
        {
            return await Inner.UsersAsync(ids, after, cancellation);
        }

        var results = await SharedAsync(ids, after, cancellation);
        List<int> missing = [.. Enumerable.Range(0, ids.Count).Where(i => results[i] is null)];
        if (missing.Count == 0)
        {
            return results;
        }

        var found = await Inner.UsersAsync(missing.Count == ids.Count ? ids : [.. missing.Select(i => ids[i])], after, cancellation);
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i] is { } read)
            {
                results[missing[i]] = read;
                fills.Add(read);
            }
        }

        return results;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var results = await Inner.CommitAsync(changes, cancellation);
        List<(Guid Id, long Version)> rows = [.. changes
            .Where((_, i) => results[i].Outcome == ChangeOutcome.Committed)
            .SelectMany(change => change.Events.SelectMany(ChangedRows.Of))];
        if (rows.Count > 0)
        {
            connection.Publish(users.Channel, Hints.Write(rows));
        }

        return results;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Ends what goes on in the background.</summary>
    internal async Task StopAsync()
    {
        cache.Told = null;
        await stop.CancelAsync();
        await Task.WhenAll(working).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async ValueTask<Read<User>?[]> SharedAsync(IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var results = new Read<User>?[ids.Count];
        IReadOnlyList<SharedUser?> shared;
        try
        {
            shared = await batcher.RunAsync(ids, cancellation);
        }
        catch (StoreBusyException)
        {
            // So many wait for Redis that the database is quicker.
            Counts.HadNoAnswer(ids.Count);
            return results;
        }

        for (var i = 0; i < results.Length; i++)
        {
            if (shared[i] is not { } there)
            {
                continue;
            }

            if (cache.Vouch(ids[i].Value, there.State.Sequence, there.AsOf, after) is { } asOf)
            {
                Counts.Hit();
                results[i] = new Read<User>(there.State, asOf, encoders.User);
            }
            else
            {
                Counts.WasRefused();
            }
        }

        return results;
    }

    private async ValueTask<IReadOnlyList<SharedUser?>> GetAsync(IReadOnlyList<UserId> ids)
    {
        if (await users.GetAsync(ids) is not { } found)
        {
            Counts.HadNoAnswer(ids.Count);
            return new SharedUser?[ids.Count];
        }

        foreach (var _ in found.Where(user => user is null))
        {
            Counts.Missed();
        }

        return found;
    }
}
