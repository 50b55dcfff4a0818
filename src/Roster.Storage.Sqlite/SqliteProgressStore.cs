using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>What readers and consumers have done, in a shard's own file (<see cref="SqliteStore.Progress"/>).</summary>
public sealed class SqliteProgressStore : IProgressStore
{
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private readonly ProgressWrites writes;

    internal SqliteProgressStore(SqliteWriter writer, SqliteReaders readers, ProgressWrites writes)
    {
        this.writer = writer;
        this.readers = readers;
        this.writes = writes;
    }

    /// <inheritdoc/>
    public ValueTask<OutboxCursor?> PositionAsync(string reader, ShardId shard, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Progress.Position(reader, shard), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SavePositionAsync(
        string reader, ShardId shard, OutboxCursor cursor, long fence, CancellationToken cancellation) =>
        new(writer.ChangeAsync(_ => writes.SavePosition(reader, shard, cursor, fence), cancellation));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UserProgress>> ProgressAsync(
        string consumer, IReadOnlyList<UserId> users, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<UserProgress>>(r => r.Progress.Progress(consumer, users), cancellation);

    /// <inheritdoc/>
    public ValueTask RecordEffectsAsync(string consumer, IReadOnlyList<Effect> effects, CancellationToken cancellation) =>
        ChangeAsync(() => writes.Record(consumer, effects), cancellation);

    /// <inheritdoc/>
    public ValueTask ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation) =>
        ChangeAsync(() => writes.Park(events), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEvent>> ParkedAsync(ParkedQuery query, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Progress.Page(query), cancellation);

    /// <inheritdoc/>
    public ValueTask<long> CountParkedAsync(string consumer, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Progress.Count(consumer), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UserId>> DueAsync(
        string consumer, DateTimeOffset now, int limit, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Progress.Due(consumer, now, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> PostponeAsync(ParkedEvent tried, CancellationToken cancellation) =>
        new(writer.ChangeAsync(_ => writes.Postpone(tried), cancellation));

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(ParkedEvent done, DateTimeOffset now, CancellationToken cancellation) =>
        ChangeAsync(() => writes.Release(done, now), cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> RetryParkedAsync(
        string consumer, UserId? user, DateTimeOffset now, CancellationToken cancellation)
    {
        var users = 0;
        await ChangeAsync(() => users = writes.Retry(consumer, user, now), cancellation);
        return users;
    }

    private async ValueTask ChangeAsync(Action change, CancellationToken cancellation) =>
        await writer.ChangeAsync(
            _ =>
            {
                change();
                return true;
            },
            cancellation);
}
