using Roster.Core.Storage;

namespace Roster.Tests.Storage;

/// <summary>A control store that passes everything on.</summary>
internal abstract class DelegatingControlStore(IControlStore inner) : IControlStore
{
    public ValueTask<byte[]> SecretAsync(string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation) =>
        inner.SecretAsync(name, candidate, cancellation);

    public virtual ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation) => inner.KeysAsync(cancellation);

    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation) => inner.AddKeyAsync(key, cancellation);

    public ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation) => inner.RevokeKeyAsync(id, cancellation);

    public ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation) => inner.ShardMapAsync(cancellation);

    public ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation) => inner.ReplaceShardMapAsync(map, cancellation);

    public virtual ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation) =>
        inner.AcquireLeaseAsync(name, holder, now, duration, cancellation);

    public virtual ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation) => inner.LeasesAsync(prefix, cancellation);

    public virtual ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation) =>
        inner.ReleaseLeaseAsync(name, fence, cancellation);
}
