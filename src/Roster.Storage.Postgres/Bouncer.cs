using Npgsql;

namespace Roster.Storage.Postgres;

/// <summary>Signs of a pgbouncer on the way to the database that would break something, each told in a sentence.</summary>
internal static class Bouncer
{
    private const string Setting =
        "a pgbouncer in transaction mode gives each transaction another session, so set PrepareStatements to false.";

    /// <summary>What Roster asks for when it connects with prepared statements (<see cref="PostgresConnections"/>), as the session has it.</summary>
    private const string Asked = "SELECT current_setting('plan_cache_mode')";

    /// <summary>What an error says of the setting; null when it says nothing.</summary>
    public static string? Sign(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.ProtocolViolation when error.MessageText.Contains("startup parameter", StringComparison.Ordinal) =>
            $"The connection was refused for the settings that come with it: {Setting}",
        PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement =>
            $"A prepared statement belongs to another session: {Setting}",
        _ => null,
    };

    /// <summary>What a session says of the setting, where statements are prepared; null when it has what was asked for.</summary>
    public static async Task<string?> SignAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Asked, connection);
        return await command.ExecuteScalarAsync(cancellation) is "force_generic_plan"
            ? null
            : $"The settings that come with a connection did not reach the database: {Setting}";
    }

    /// <summary>Checks that a session is one connection's alone: a pooler makes up the process id that it tells.</summary>
    /// <exception cref="InvalidDataException">There is a pooler on the way.</exception>
    public static async Task RequireNoneAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        if (await command.ExecuteScalarAsync(cancellation) is not int process || process != connection.ProcessID)
        {
            throw new InvalidDataException(
                "This way to the database leads through a pgbouncer, which cannot hold the lock of a migration: name one past it as Roster:Shards:0:Direct (1, 2 …).");
        }
    }
}
