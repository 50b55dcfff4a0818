using System.Globalization;
using System.Reflection;

namespace Roster.Storage.Sqlite;

/// <summary>Brings a database to this program's schema: the numbered files of <c>Migrations/</c>, each in one transaction.</summary>
internal static class SqliteMigrations
{
    /// <summary>The newest schema this program knows.</summary>
    public static int Newest => Files().Last().Number;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="InvalidDataException">A newer program has written the database.</exception>
    public static void Apply(SqliteDatabase database)
    {
        database.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT");
        var current = database.Number("SELECT max(version) FROM schema_version") ?? 0;
        if (current > Newest)
        {
            throw TooNew(current);
        }

        var insert = database.Prepare("INSERT INTO schema_version (version) VALUES (?1)");
        foreach (var (number, name) in Files().Where(file => file.Number > current))
        {
            database.Execute("BEGIN IMMEDIATE");
            try
            {
                database.Execute(Read(name));
                insert.Bind(1, number).Run();
                database.Execute("COMMIT");
            }
            finally
            {
                database.RollBack();
            }
        }
    }

    /// <summary>What is said of a database that a newer program has written.</summary>
    public static InvalidDataException TooNew(long schema) => new(
        $"The database has schema {schema}, but this program knows only up to {Newest}: start the newer program that wrote it.");

    private static IEnumerable<(int Number, string Name)> Files() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.EndsWith(".sql", StringComparison.Ordinal)
        let number = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture)
        orderby number
        select (number, name);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
