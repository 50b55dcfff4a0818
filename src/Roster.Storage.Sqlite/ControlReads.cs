using System.Buffers.Binary;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about control data, for one reading connection.</summary>
internal sealed class ControlReads(SqliteDatabase database)
{
    private readonly SqliteStatement secret = database.Prepare("SELECT value FROM secrets WHERE name = ?1");

    private readonly SqliteStatement keys = database.Prepare("""
        SELECT id, tenant, name, scopes, secret_hash, created_at, expires_at FROM api_keys WHERE revoked = 0 ORDER BY id
        """);

    private readonly SqliteStatement leases = database.Prepare(
        "SELECT name, holder, fence, until FROM leases WHERE name >= ?1 AND name < ?2 ORDER BY name");

    private readonly SqliteStatement map = database.Prepare("SELECT epoch, owners FROM shard_map");

    /// <summary>A secret, or null.</summary>
    public byte[]? Secret(string name)
    {
        using (secret.Bind(1, name).Open())
        {
            return secret.Step() ? secret.Bytes(0).ToArray() : null;
        }
    }

    /// <summary>Keys that were not revoked.</summary>
    public IReadOnlyList<ApiKey> Keys()
    {
        var found = new List<ApiKey>();
        using (keys.Open())
        {
            while (keys.Step())
            {
                found.Add(new ApiKey
                {
                    Id = keys.Text(0),
                    Tenant = Tenants.Read(keys, 1),
                    Name = keys.Text(2),
                    Scopes = keys.Text(3).Split('\n', StringSplitOptions.RemoveEmptyEntries),
                    SecretHash = new Hash256(keys.Bytes(4)),
                    CreatedAt = Timestamps.FromMicroseconds(keys.Int64(5)),
                    ExpiresAt = keys.IsNull(6) ? null : Timestamps.FromMicroseconds(keys.Int64(6)),
                });
            }
        }

        return found;
    }

    /// <summary>The shard map, or null.</summary>
    public ShardMap? Map()
    {
        using (map.Open())
        {
            if (!map.Step())
            {
                return null;
            }

            var bytes = map.Bytes(1);
            var owners = new ShardId[bytes.Length / sizeof(int)];
            for (var i = 0; i < owners.Length; i++)
            {
                owners[i] = new ShardId(BinaryPrimitives.ReadInt32BigEndian(bytes[(i * sizeof(int))..]));
            }

            return new ShardMap(map.Int64(0), owners);
        }
    }

    /// <summary>Leases whose names begin so.</summary>
    public IReadOnlyList<Lease> Leases(string prefix)
    {
        var found = new List<Lease>();
        using (leases.Bind(1, prefix).Bind(2, prefix + char.MaxValue).Open())
        {
            while (leases.Step())
            {
                found.Add(new Lease(leases.Text(0), leases.Text(1), leases.Int64(2), Timestamps.FromMicroseconds(leases.Int64(3))));
            }
        }

        return found;
    }
}
