using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Roster.Storage.Postgres;

/// <summary>
/// Brings a database to this program's schema: the numbered files of <c>Migrations/</c>, each in one transaction, under an
/// advisory lock. Each keeps the program before it working; one that cannot says so in <c>schema_version.needs</c>.
/// </summary>
public static class PostgresMigrations
{
    /// <summary>The newest schema this program knows.</summary>
    public static int Newest => Files().Last().Number;

    /// <summary>Applies what is missing; the numbers applied, each reported when it is done.</summary>
    /// <exception cref="InvalidDataException">The database needs a newer program, or is behind a pgbouncer.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<IReadOnlyList<int>> ApplyAsync(
        PostgresOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        List<int> applied = [];
        try
        {
            await using var connection = PostgresConnections.Direct(options);
            await connection.OpenAsync(cancellation);
            await Bouncer.RequireNoneAsync(connection, cancellation);
            // Closing the connection gives the lock back.
            await RunAsync(connection, "SELECT pg_advisory_lock(7265, 0)", cancellation);
            await RunAsync(
                connection,
                "CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL PRIMARY KEY, needs int NOT NULL DEFAULT 1)",
                cancellation);
            var current = Require(await ReadAsync(connection, cancellation));
            foreach (var (number, name) in Files().Where(file => file.Number > current))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await RunAsync(connection, Text(name), cancellation);
                await RunAsync(connection, $"INSERT INTO schema_version (version) VALUES ({number})", cancellation);
                await transaction.CommitAsync(cancellation);
                applied.Add(number);
                progress?.Report(number);
            }

            return applied;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Checks that this program can work with a database's schema.</summary>
    internal static int Require((int Version, int Needs) schema) => schema.Needs <= Newest ? schema.Version : throw new InvalidDataException(
        $"The database has schema {schema.Version}, which needs a program that knows {schema.Needs}; this one knows only up to {Newest}: start the newer program.");

    /// <summary>Version of a database's schema, and of the oldest program that may use it; zeros when there is none.</summary>
    internal static async Task<(int Version, int Needs)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('schema_version') IS NOT NULL", connection);
        if (await command.ExecuteScalarAsync(cancellation) is not true)
        {
            return default;
        }

        command.CommandText = "SELECT coalesce(max(version), 0), coalesce(max(needs), 0) FROM schema_version";
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt32(0), row.GetInt32(1));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<(int Number, string Name)> Files() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.EndsWith(".sql", StringComparison.Ordinal)
        let number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture)
        orderby number
        select (number, name);

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
