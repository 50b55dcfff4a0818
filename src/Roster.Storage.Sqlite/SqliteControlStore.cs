using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Control data in a shard's own file (<see cref="SqliteStore.Control"/>).</summary>
public sealed class SqliteControlStore : IControlStore
{
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private readonly ControlWrites writes;

    internal SqliteControlStore(SqliteWriter writer, SqliteReaders readers, ControlWrites writes)
    {
        this.writer = writer;
        this.readers = readers;
        this.writes = writes;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> SecretAsync(
        string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation)
    {
        if (await readers.ReadAsync(r => r.Control.Secret(name), cancellation) is { } known)
        {
            return known;
        }

        await writer.ChangeAsync(_ => writes.PutSecret(name, candidate.Span), cancellation);
        return (await readers.ReadAsync(r => r.Control.Secret(name), cancellation))!;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation) =>
        readers.ReadAsync(static r => r.Control.Keys(), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation) =>
        new(writer.ChangeAsync(_ => writes.AddKey(key), cancellation));

    /// <inheritdoc/>
    public ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation) =>
        new(writer.ChangeAsync(_ => writes.RevokeKey(id), cancellation));

    /// <inheritdoc/>
    public ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation) =>
        readers.ReadAsync(static r => r.Control.Map(), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation) =>
        new(writer.ChangeAsync(_ => writes.ReplaceMap(map), cancellation));

    /// <inheritdoc/>
    public async ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation)
    {
        Lease? lease = null;
        await writer.ChangeAsync(_ => (lease = writes.Acquire(name, holder, now, duration)) is not null, cancellation);
        return lease;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Control.Leases(prefix), cancellation);

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation) =>
        await writer.ChangeAsync(_ => writes.Release(name, fence), cancellation);
}
