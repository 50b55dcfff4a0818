using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Model;

/// <summary>The progress contract as plainly as it can be said.</summary>
public sealed class MemoryProgressStore : IProgressStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Reader, ShardId Shard), (OutboxCursor Cursor, long Fence)> positions = [];
    private readonly Dictionary<(string Consumer, UserId User), long> effects = [];
    private readonly Dictionary<(string Consumer, UserId User), SortedList<long, ParkedEvent>> parked = [];
    private readonly Dictionary<(string Consumer, UserId User), DateTimeOffset?> next = [];

    /// <inheritdoc/>
    public ValueTask<OutboxCursor?> PositionAsync(string reader, ShardId shard, CancellationToken cancellation) =>
        Locked<OutboxCursor?>(() => positions.TryGetValue((reader, shard), out var at) ? at.Cursor : null);

    /// <inheritdoc/>
    public ValueTask<bool> SavePositionAsync(
        string reader, ShardId shard, OutboxCursor cursor, long fence, CancellationToken cancellation) => Locked(() =>
    {
        if (positions.TryGetValue((reader, shard), out var at) && at.Fence > fence)
        {
            return false;
        }

        positions[(reader, shard)] = (cursor, fence);
        return true;
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UserProgress>> ProgressAsync(
        string consumer, IReadOnlyList<UserId> users, CancellationToken cancellation) => Locked<IReadOnlyList<UserProgress>>(() =>
        [.. users.Select(user => new UserProgress(effects.GetValueOrDefault((consumer, user)), parked.ContainsKey((consumer, user))))]);

    /// <inheritdoc/>
    public async ValueTask RecordEffectsAsync(string consumer, IReadOnlyList<Effect> effects, CancellationToken cancellation) => await Locked(() =>
    {
        foreach (var effect in effects)
        {
            Record(consumer, effect);
        }

        return true;
    });

    /// <inheritdoc/>
    public async ValueTask ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation) => await Locked(() =>
    {
        foreach (var one in events.OrderBy(one => one.Event.Sequence))
        {
            if (!parked.TryGetValue(KeyOf(one), out var queue))
            {
                parked[KeyOf(one)] = queue = [];
                next[KeyOf(one)] = one.NextAttempt;
            }

            queue.TryAdd(one.Event.Sequence, one);
        }

        return true;
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEvent>> ParkedAsync(ParkedQuery query, CancellationToken cancellation) => Locked<IReadOnlyList<ParkedEvent>>(() =>
    [
        .. (from key in parked.Keys
            where query.Consumer is null || key.Consumer == query.Consumer
            where query.User is null || key.User == query.User
            from one in parked[key].Values
            where query.After is not { } after || Compare(one, after) > 0
            orderby key.Consumer, key.User, one.Event.Sequence
            select one with { NextAttempt = one.Event.Sequence == parked[key].Keys[0] ? next[key] : null }).Take(query.Limit),
    ]);

    /// <inheritdoc/>
    public ValueTask<long> CountParkedAsync(string consumer, CancellationToken cancellation) =>
        Locked(() => parked.Where(queue => queue.Key.Consumer == consumer).Sum(queue => (long)queue.Value.Count));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UserId>> DueAsync(
        string consumer, DateTimeOffset now, int limit, CancellationToken cancellation) => Locked<IReadOnlyList<UserId>>(() =>
        [.. next.Where(user => user.Key.Consumer == consumer && user.Value <= now).OrderBy(user => user.Value).Take(limit).Select(user => user.Key.User)]);

    /// <inheritdoc/>
    public ValueTask<bool> PostponeAsync(ParkedEvent tried, CancellationToken cancellation) => Locked(() =>
    {
        if (!parked.TryGetValue(KeyOf(tried), out var queue) || !queue.TryGetValue(tried.Event.Sequence, out var stored))
        {
            return false;
        }

        queue[tried.Event.Sequence] = stored with { Attempts = tried.Attempts, Reason = tried.Reason };
        next[KeyOf(tried)] = tried.NextAttempt;
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(ParkedEvent done, DateTimeOffset now, CancellationToken cancellation) => await Locked(() =>
    {
        Record(done.Consumer, new Effect(done.Event.User, done.Event.Sequence));
        if (parked.TryGetValue(KeyOf(done), out var queue))
        {
            queue.Remove(done.Event.Sequence);
            next[KeyOf(done)] = now;
            if (queue.Count == 0)
            {
                parked.Remove(KeyOf(done));
                next.Remove(KeyOf(done));
            }
        }

        return true;
    });

    /// <inheritdoc/>
    public ValueTask<int> RetryParkedAsync(string consumer, UserId? user, DateTimeOffset now, CancellationToken cancellation) => Locked(() =>
    {
        (string, UserId)[] keys = [.. next.Keys.Where(key => key.Consumer == consumer && (user is null || key.User == user))];
        foreach (var key in keys)
        {
            next[key] = now;
        }

        return keys.Length;
    });

    private static (string Consumer, UserId User) KeyOf(ParkedEvent parked) => (parked.Consumer, parked.Event.User);

    private static int Compare(ParkedEvent one, ParkedKey after) =>
        string.CompareOrdinal(one.Consumer, after.Consumer) is not 0 and var byConsumer ? byConsumer
        : one.Event.User.CompareTo(after.User) is not 0 and var byUser ? byUser
        : one.Event.Sequence.CompareTo(after.Sequence);

    private void Record(string consumer, Effect effect) =>
        effects[(consumer, effect.User)] = Math.Max(effects.GetValueOrDefault((consumer, effect.User)), effect.Sequence);

    private ValueTask<T> Locked<T>(Func<T> answer)
    {
        lock (gate)
        {
            return ValueTask.FromResult(answer());
        }
    }
}
