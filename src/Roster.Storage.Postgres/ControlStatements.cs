namespace Roster.Storage.Postgres;

/// <summary>The SQL of control data.</summary>
internal static class ControlStatements
{
    public const string Secret = "SELECT value FROM secrets WHERE name = $1";

    public const string PutSecret = "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    public const string Keys = """
        SELECT id, tenant, name, scopes, secret_hash, created_at, expires_at FROM api_keys WHERE NOT revoked ORDER BY id
        """;

    public const string AddKey = """
        INSERT INTO api_keys (id, tenant, name, scopes, secret_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """;

    // A revoked key stays as a row, so that its id, which events name, can never be given to another key.
    public const string RevokeKey = "UPDATE api_keys SET revoked = true WHERE id = $1 AND NOT revoked";

    public const string Map = "SELECT epoch, owners FROM shard_map";

    public const string FirstMap = "INSERT INTO shard_map (one, epoch, owners) VALUES (1, $1, $2) ON CONFLICT DO NOTHING";

    public const string NextMap = "UPDATE shard_map SET epoch = $1, owners = $2 WHERE epoch = $1 - 1";

    public const string Acquire = """
        INSERT INTO leases AS l (name, holder, fence, until) VALUES ($1, $2, 1, $4)
        ON CONFLICT (name) DO UPDATE SET fence = l.fence + (l.holder <> $2)::int, holder = $2, until = $4
        WHERE l.holder = $2 OR l.until <= $3
        RETURNING fence
        """;

    public const string Leases = "SELECT name, holder, fence, until FROM leases WHERE name >= $1 AND name < $2 ORDER BY name";

    public const string Release = "UPDATE leases SET until = 0 WHERE name = $1 AND fence = $2";
}
