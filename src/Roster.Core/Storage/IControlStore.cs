using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>
/// Control data, kept in the control shard: small, read rarely, copied in memory by every node.
/// Every write must be durable when its task ends.
/// </summary>
public interface IControlStore
{
    /// <summary>A secret of the whole installation; the first caller's candidate is kept for ever.</summary>
    ValueTask<byte[]> SecretAsync(string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation);

    /// <summary>All API keys that were not revoked, expired ones too.</summary>
    ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation);

    /// <summary>Adds a key; false when its id exists, a revoked one too.</summary>
    ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation);

    /// <summary>Revokes a key for good; false when there is none.</summary>
    ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation);

    /// <summary>Which shard owns which buckets; null before the first was written.</summary>
    ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation);

    /// <summary>Replaces the map when the stored epoch is the one before (0 when none is stored); false otherwise.</summary>
    ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation);

    /// <summary>
    /// Takes or renews a lease: granted when free, expired, or the holder's own. A grant to another holder than the
    /// last must carry a higher fence. Null when somebody else holds it.
    /// </summary>
    ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Leases whose names begin so, those that have ended too: who works on what.</summary>
    ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation);

    /// <summary>Gives a lease back; nothing happens unless this fence still holds it.</summary>
    ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation);
}

/// <summary>An API key as it is stored: its secret only as a hash.</summary>
public sealed record ApiKey
{
    /// <summary>Public part of the key; events name it as <c>key:&lt;id&gt;</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose users it may see.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Scopes, as the interface names them.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>SHA-256 of the secret part, which has 256 random bits: a slow hash would add nothing.</summary>
    public required Hash256 SecretHash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working, if ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Who owns each of the 4,096 buckets.</summary>
/// <param name="Epoch">One more with each change.</param>
/// <param name="Owners">The shard of each bucket; <see cref="BucketId.Count"/> entries.</param>
public sealed record ShardMap(long Epoch, IReadOnlyList<ShardId> Owners);

/// <summary>A lease that is held.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Holder">By whom.</param>
/// <param name="Fence">Grows whenever the holder changes, so that writes of a paused former holder can be refused.</param>
/// <param name="Until">When it ends unless renewed; 1970 once it was given back.</param>
public sealed record Lease(string Name, string Holder, long Fence, DateTimeOffset Until);
