using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Looks a database over before it serves: its schema, its durability, and which shard it is.</summary>
internal static class ShardLife
{
    private const string Server = """
        SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding'),
               pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system())
        """;

    /// <summary>Checks it, marks a new database as this shard's, and gives the part of its timelines that is its own.</summary>
    /// <exception cref="InvalidDataException">Its schema is missing, too old or too new; it is another shard's; or a pgbouncer is in the way of prepared statements.</exception>
    /// <exception cref="InvalidOperationException">It does not keep what it acknowledges, or is a replica.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<long> OpenAsync(NpgsqlDataSource pool, PostgresOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await pool.OpenConnectionAsync(cancellation);
            if (options.PrepareStatements && await Bouncer.SignAsync(connection, cancellation) is { } sign)
            {
                throw new InvalidDataException(sign);
            }

            var server = await ServerAsync(connection, options, cancellation);
            var schema = PostgresMigrations.Require(await PostgresMigrations.ReadAsync(connection, cancellation));
            if (schema < PostgresMigrations.Newest)
            {
                throw new InvalidDataException(
                    $"The database has schema {schema}, and this program needs {PostgresMigrations.Newest}: run \"roster migrate\" first.");
            }

            return Fold(server, await IdAsync(connection, options.Shard, cancellation));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    private static async Task<long> ServerAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Server, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        foreach (var (setting, column) in new[] { ("fsync", 0), ("synchronous_commit", 1) })
        {
            Require(
                row.GetString(column) != "off" || options.AllowUnsafeDurability,
                $"The database runs with {setting}=off, so a power failure takes writes that were acknowledged: set it to on, or allow it by name with AllowUnsafeDurability.");
        }

        Require(row.GetString(2) == "UTF8", $"The database's encoding is {row.GetString(2)}: create it with ENCODING 'UTF8'.");
        Require(!row.GetBoolean(3), "The database is a replica: name the primary.");
        return row.GetInt64(4);
    }

    private static async Task<long> IdAsync(NpgsqlConnection connection, ShardId shard, CancellationToken cancellation)
    {
        await using var mark = new NpgsqlCommand("UPDATE life SET shard = $1 WHERE shard IS NULL", connection)
        {
            Parameters = { Bound.Of(shard.Value) },
        };
        await mark.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT shard, id FROM life", connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return row.GetInt32(0) == shard.Value ? row.GetInt64(1) : throw new InvalidDataException(
            $"The database holds shard {row.GetInt32(0)}, not shard {shard.Value}: give each shard its own database.");
    }

    /// <summary>30 bits of the server's identity and the database's: beside the server's own timeline they make ours.</summary>
    private static long Fold(long server, long database) => (server ^ (server >> 32) ^ database) & 0x3fff_ffff;

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InvalidOperationException(sentence);
        }
    }
}
