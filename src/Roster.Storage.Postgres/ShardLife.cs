using Npgsql;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>
/// Looks a database over before a connection to it is used: its schema, its durability, and which shard it is. It may be
/// there later than the program, or come back changed; no connection skips this.
/// </summary>
internal sealed class ShardLife(PostgresOptions options)
{
    private const string Server = """
        SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding'),
               pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system())
        """;

    private const string Life = "SELECT l.shard, l.id, o.epoch FROM life AS l, owned_buckets AS o";

    private const string Mark = """
        UPDATE life AS l SET shard = coalesce(l.shard, $1) FROM owned_buckets AS o RETURNING l.shard, l.id, o.epoch
        """;

    private const int TimelineBits = 32;

    private readonly Lock gate = new();
    private long? number;
    private Ownership? ownership;

    /// <summary>The part of the database's timelines that is its own; known once a connection was looked over.</summary>
    public long Number => number ?? throw new InvalidOperationException("No connection was looked over yet.");

    /// <summary>A server's timeline as positions name it.</summary>
    public long Timeline(long ofServer) => (Number << TimelineBits) | ofServer;

    /// <summary>The server's timeline that a position names; 0, which no server has, when it is another database's.</summary>
    public long TimelineOf(Position position) =>
        number is { } own && position.Timeline >> TimelineBits == own ? position.Timeline & uint.MaxValue : 0;

    /// <summary>What the shard owns: a database that knows only older maps is told before it is used.</summary>
    public void Own(Ownership told)
    {
        lock (gate)
        {
            ownership = ownership is { } known && known.Epoch > told.Epoch ? known : told;
        }
    }

    /// <summary>Looks it over; marks a new database as this shard's.</summary>
    /// <exception cref="UnfitDatabaseException">It may not be used.</exception>
    public async Task AdmitAsync(NpgsqlConnection connection)
    {
        var (server, isReplica) = await LookAsync(connection);
        Require(!isReplica, "The database is a replica: name the primary.");
        var (shard, database, epoch) = await LifeAsync(connection, Life) is { Shard: not null } marked
            ? marked
            : await LifeAsync(connection, Mark, Bound.Of(options.Shard.Value));
        Recognise(shard, server, database);
        if (ownership is { } told && told.Epoch > epoch)
        {
            await told.TellAsync(connection);
        }
    }

    /// <summary>Looks over a connection that only reads: to a replica, or to one that was a replica a moment ago.</summary>
    /// <exception cref="UnfitDatabaseException">It may not be used.</exception>
    public async Task AdmitFollowerAsync(NpgsqlConnection connection)
    {
        var (server, _) = await LookAsync(connection);
        var (shard, database, _) = await LifeAsync(connection, Life);
        Recognise(shard, server, database);
    }

    private async Task<(long Server, bool IsReplica)> LookAsync(NpgsqlConnection connection)
    {
        Require(options.PrepareStatements ? await Bouncer.SignAsync(connection, CancellationToken.None) : null);
        var found = await ServerAsync(connection);
        var (version, needs) = await PostgresMigrations.ReadAsync(connection, CancellationToken.None);
        Require(PostgresMigrations.Refusal(version, needs));
        Require(version >= PostgresMigrations.Newest, $"The database has schema {version}, and this program needs {PostgresMigrations.Newest}: run \"roster migrate\" first.");
        return found;
    }

    private async Task<(long Server, bool IsReplica)> ServerAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Server, connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        foreach (var (setting, column) in new[] { ("fsync", 0), ("synchronous_commit", 1) })
        {
            Require(
                row.GetString(column) != "off" || options.AllowUnsafeDurability,
                $"The database runs with {setting}=off, so a power failure takes writes that were acknowledged: set it to on, or allow it by name with AllowUnsafeDurability.");
        }

        Require(row.GetString(2) == "UTF8", $"The database's encoding is {row.GetString(2)}: create it with ENCODING 'UTF8'.");
        return (row.GetInt64(4), row.GetBoolean(3));
    }

    private static async Task<(int? Shard, long Id, long Epoch)> LifeAsync(
        NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.IsDBNull(0) ? null : row.GetInt32(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Positions of two databases never compare, so a program stays with the one it has met first.</summary>
    private void Recognise(int? shard, long server, long database)
    {
        Require(shard == options.Shard.Value, $"The database holds shard {shard}, not shard {options.Shard.Value}: give each shard its own database.");
        var met = Fold(server, database);
        lock (gate)
        {
            number ??= met;
            Require(number == met, "Another database than before stands in the shard's place: if it is meant to, start this program again.");
        }
    }

    /// <summary>30 bits of the server's identity and the database's: beside the server's own timeline they make ours.</summary>
    private static long Fold(long server, long database) => (server ^ (server >> 32) ^ database) & 0x3fff_ffff;

    private static void Require(bool holds, string sentence) => Require(holds ? null : sentence);

    private static void Require(string? refusal)
    {
        if (refusal is not null)
        {
            throw new UnfitDatabaseException(refusal);
        }
    }
}
