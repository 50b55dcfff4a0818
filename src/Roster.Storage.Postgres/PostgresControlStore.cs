using System.Buffers.Binary;
using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Control data in a shard's own database (<see cref="PostgresStore.Control"/>).</summary>
public sealed class PostgresControlStore : IControlStore
{
    private readonly PostgresDatabase database;

    internal PostgresControlStore(PostgresDatabase database) => this.database = database;

    /// <inheritdoc/>
    public async ValueTask<byte[]> SecretAsync(string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation)
    {
        var known = new Statement(ControlStatements.Secret, Bound.Of(name));
        if (await database.RowAsync(known, ReadSecret, cancellation) is { } secret)
        {
            return secret;
        }

        await RunAsync(new Statement(ControlStatements.PutSecret, Bound.Of(name), Bound.Of(candidate.ToArray())), cancellation);
        return (await database.RowAsync(new Statement(ControlStatements.Secret, Bound.Of(name)), ReadSecret, cancellation))!;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation) =>
        await database.RowsAsync(new Statement(ControlStatements.Keys), ReadKey, cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation) => await RunAsync(
        new Statement(
            ControlStatements.AddKey,
            Bound.Of(key.Id),
            Bound.Of(key.Tenant.Value),
            Bound.Of(key.Name),
            Bound.Of(string.Join('\n', key.Scopes)),
            Bound.Of(key.SecretHash.ToArray()),
            Bound.Of(Timestamps.ToMicroseconds(key.CreatedAt)),
            Bound.Of(key.ExpiresAt is { } at ? Timestamps.ToMicroseconds(at) : (long?)null)),
        cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation) =>
        await RunAsync(new Statement(ControlStatements.RevokeKey, Bound.Of(id)), cancellation);

    /// <inheritdoc/>
    public async ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation) =>
        await database.RowAsync(new Statement(ControlStatements.Map), ReadMap, cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation)
    {
        var owners = new byte[map.Owners.Count * sizeof(int)];
        for (var i = 0; i < map.Owners.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(owners.AsSpan(i * sizeof(int)), map.Owners[i].Value);
        }

        return (map.Epoch == 1 && await RunAsync(new Statement(ControlStatements.FirstMap, Bound.Of(map.Epoch), Bound.Of(owners)), cancellation))
            || await RunAsync(new Statement(ControlStatements.NextMap, Bound.Of(map.Epoch), Bound.Of(owners)), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation)
    {
        var until = Timestamps.Truncate(now + duration);
        var statement = new Statement(
            ControlStatements.Acquire,
            Bound.Of(name),
            Bound.Of(holder),
            Bound.Of(Timestamps.ToMicroseconds(now)),
            Bound.Of(Timestamps.ToMicroseconds(until)));
        return await database.RowAsync(statement, row => new Lease(name, holder, row.GetInt64(0), until), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation) => await database.RowsAsync(
        new Statement(ControlStatements.Leases, Bound.Of(prefix), Bound.Of(prefix + char.MaxValue)),
        row => new Lease(row.GetString(0), row.GetString(1), row.GetInt64(2), Timestamps.FromMicroseconds(row.GetInt64(3))),
        cancellation);

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation) =>
        await RunAsync(new Statement(ControlStatements.Release, Bound.Of(name), Bound.Of(fence)), cancellation);

    private static byte[] ReadSecret(NpgsqlDataReader row) => row.GetFieldValue<byte[]>(0);

    internal static ApiKey ReadKey(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Tenant = UserRow.Tenant(row, 1),
        Name = row.GetString(2),
        Scopes = row.GetString(3).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        SecretHash = new Hash256(row.GetFieldValue<byte[]>(4)),
        CreatedAt = Timestamps.FromMicroseconds(row.GetInt64(5)),
        ExpiresAt = row.IsDBNull(6) ? null : Timestamps.FromMicroseconds(row.GetInt64(6)),
    };

    internal static ShardMap ReadMap(NpgsqlDataReader row)
    {
        var bytes = row.GetFieldValue<byte[]>(1).AsSpan();
        var owners = new ShardId[bytes.Length / sizeof(int)];
        for (var i = 0; i < owners.Length; i++)
        {
            owners[i] = new ShardId(BinaryPrimitives.ReadInt32BigEndian(bytes[(i * sizeof(int))..]));
        }

        return new ShardMap(row.GetInt64(0), owners);
    }

    private async Task<bool> RunAsync(Statement statement, CancellationToken cancellation) =>
        await database.RunAsync([statement], cancellation) > 0;
}
