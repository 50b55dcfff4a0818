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

    /// <summary>What is missing, in order: the files' names.</summary>
    /// <exception cref="InvalidDataException">The database needs a newer program.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> PendingAsync(PostgresOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await LeaderAsync(options, cancellation);
            return [.. (await MissingAsync(connection, cancellation)).Select(file => NameOf(file.Name))];
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Applies what is missing.</summary>
    /// <param name="options">Which database.</param>
    /// <param name="progress">Told of each step when it begins: the file's name, or that it waits for another migration.</param>
    /// <param name="cancellation">Stops; the step that is under way is undone.</param>
    /// <returns>The numbers applied.</returns>
    /// <exception cref="InvalidDataException">The database needs a newer program, or is behind a pgbouncer.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<IReadOnlyList<int>> ApplyAsync(
        PostgresOptions options, IProgress<string>? progress, CancellationToken cancellation)
    {
        List<int> applied = [];
        try
        {
            await using var connection = await LeaderAsync(options, cancellation);
            await Bouncer.RequireNoneAsync(connection, cancellation);
            progress?.Report("its turn");

            // Closing the connection gives the lock back.
            await RunAsync(connection, "SELECT pg_advisory_lock(7265, 0)", cancellation);
            await RunAsync(
                connection,
                "CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL PRIMARY KEY, needs int NOT NULL DEFAULT 1)",
                cancellation);
            foreach (var (number, name) in await MissingAsync(connection, cancellation))
            {
                progress?.Report(NameOf(name));
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await RunAsync(connection, Text(name), cancellation);
                await RunAsync(connection, $"INSERT INTO schema_version (version) VALUES ({number})", cancellation);
                await transaction.CommitAsync(cancellation);
                applied.Add(number);
            }

            return applied;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Why this program cannot work with a database's schema; null when it is not too new.</summary>
    internal static string? Refusal(int version, int needs) => needs <= Newest ? null
        : $"The database has schema {version}, which needs a program that knows {needs}; this one knows only up to {Newest}: start the newer program.";

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

    /// <summary>A connection past any pgbouncer; with replicas, to the first member that leads, or to the first when none does.</summary>
    private static async Task<NpgsqlConnection> LeaderAsync(PostgresOptions options, CancellationToken cancellation)
    {
        foreach (var member in options.Direct is null ? options.Members.Skip(1) : [])
        {
            var other = PostgresConnections.Direct(member);
            try
            {
                await other.OpenAsync(cancellation);
                await using var command = new NpgsqlCommand("SELECT NOT pg_is_in_recovery()", other);
                if (await command.ExecuteScalarAsync(cancellation) is true)
                {
                    return other;
                }
            }
            catch (Exception error) when (PostgresErrors.Told(error) is Core.Storage.StoreUnavailableException)
            {
                // One that is away leads nothing.
            }

            await other.DisposeAsync();
        }

        var connection = PostgresConnections.Direct(options);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<IReadOnlyList<(int Number, string Name)>> MissingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (version, needs) = await ReadAsync(connection, cancellation);
        return Refusal(version, needs) is { } refusal
            ? throw new InvalidDataException(refusal)
            : [.. Files().Where(file => file.Number > version)];
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

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
