using System.Buffers.Binary;
using Roster.Core.Events;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Writes of control data; for the writer's thread, inside its transaction. False means nothing was written.</summary>
internal sealed class ControlWrites(SqliteDatabase database)
{
    private readonly SqliteStatement putSecret = database.Prepare(
        "INSERT INTO secrets (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement addKey = database.Prepare("""
        INSERT INTO api_keys (id, tenant, name, scopes, secret_hash, created_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING
        """);

    // A revoked key stays as a row, so that its id, which events name, can never be given to another key.
    private readonly SqliteStatement revokeKey = database.Prepare(
        "UPDATE api_keys SET revoked = 1 WHERE id = ?1 AND revoked = 0");

    private readonly SqliteStatement firstMap = database.Prepare(
        "INSERT INTO shard_map (one, epoch, owners) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING");

    private readonly SqliteStatement nextMap = database.Prepare(
        "UPDATE shard_map SET epoch = ?1, owners = ?2 WHERE epoch = ?1 - 1");

    private readonly SqliteStatement acquire = database.Prepare("""
        INSERT INTO leases (name, holder, fence, until) VALUES (?1, ?2, 1, ?4)
        ON CONFLICT (name) DO UPDATE SET fence = fence + (holder <> ?2), holder = ?2, until = ?4
        WHERE holder = ?2 OR until <= ?3
        RETURNING fence
        """);

    private readonly SqliteStatement release = database.Prepare(
        "UPDATE leases SET until = 0 WHERE name = ?1 AND fence = ?2");

    /// <summary>Keeps a secret unless there is one.</summary>
    public bool PutSecret(string name, ReadOnlySpan<byte> value) => putSecret.Bind(1, name).Bind(2, value).Run() > 0;

    /// <summary>Adds a key unless its id exists.</summary>
    public bool AddKey(ApiKey key)
    {
        Span<byte> hash = stackalloc byte[Hash256.Length];
        key.SecretHash.CopyTo(hash);
        return addKey.Bind(1, key.Id)
            .Bind(2, key.Tenant.Value)
            .Bind(3, key.Name)
            .Bind(4, string.Join('\n', key.Scopes))
            .Bind(5, hash)
            .Bind(6, Timestamps.ToMicroseconds(key.CreatedAt))
            .Bind(7, key.ExpiresAt is { } at ? Timestamps.ToMicroseconds(at) : (long?)null)
            .Run() > 0;
    }

    /// <summary>Revokes a key that is not revoked yet.</summary>
    public bool RevokeKey(string id) => revokeKey.Bind(1, id).Run() > 0;

    /// <summary>Replaces the map of the epoch before; epoch 1 needs none before it.</summary>
    public bool ReplaceMap(ShardMap map)
    {
        var owners = new byte[map.Owners.Count * sizeof(int)];
        for (var i = 0; i < map.Owners.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(owners.AsSpan(i * sizeof(int)), map.Owners[i].Value);
        }

        return (map.Epoch == 1 && firstMap.Bind(1, map.Epoch).Bind(2, owners).Run() > 0)
            || nextMap.Bind(1, map.Epoch).Bind(2, owners).Run() > 0;
    }

    /// <summary>Takes or renews a lease; null when somebody else holds it.</summary>
    public Lease? Acquire(string name, string holder, DateTimeOffset now, TimeSpan duration)
    {
        var until = Timestamps.Truncate(now + duration);
        acquire.Bind(1, name)
            .Bind(2, holder)
            .Bind(3, Timestamps.ToMicroseconds(now))
            .Bind(4, Timestamps.ToMicroseconds(until));
        using (acquire.Open())
        {
            return acquire.Step() ? new Lease(name, holder, acquire.Int64(0), until) : null;
        }
    }

    /// <summary>Ends a lease that this fence still holds.</summary>
    public bool Release(string name, long fence) => release.Bind(1, name).Bind(2, fence).Run() > 0;
}
