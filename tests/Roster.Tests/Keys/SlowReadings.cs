using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Tests.Keys;

/// <summary>A control store of keys only, whose readings end when the test says so.</summary>
internal sealed class SlowReadings : IControlStore
{
    /// <summary>The readings that began, oldest first.</summary>
    public List<TaskCompletionSource<IReadOnlyList<ApiKey>>> Readings { get; } = [];

    public ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation)
    {
        Readings.Add(new TaskCompletionSource<IReadOnlyList<ApiKey>>());
        return new ValueTask<IReadOnlyList<ApiKey>>(Readings[^1].Task);
    }

    public ValueTask<byte[]> SecretAsync(string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<OutboxCursor?> ConsumerPositionAsync(
        string consumer, ShardId shard, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> SaveConsumerPositionAsync(
        string consumer, ShardId shard, OutboxCursor cursor, long fence, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<bool> RecordEffectAsync(
        string consumer, UserId user, long sequence, CancellationToken cancellation) => throw new NotSupportedException();
}
