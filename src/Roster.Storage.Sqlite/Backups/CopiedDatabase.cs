namespace Roster.Storage.Sqlite.Backups;

/// <summary>A database file that no server has ever opened.</summary>
internal static class CopiedDatabase
{
    private const int ProblemsTold = 3;

    /// <summary>Reads every page and compares every index with its table.</summary>
    /// <exception cref="InvalidDataException">Something is wrong with it.</exception>
    public static void RequireSound(string path)
    {
        using var database = SqliteDatabase.Open(path, readOnly: false);
        if (database.Texts("PRAGMA integrity_check", 0) is not ["ok"] and var problems)
        {
            throw new InvalidDataException($"The copy of the database is damaged: {string.Join("; ", problems.Take(ProblemsTold))}.");
        }
    }

    /// <summary>
    /// Makes it a store of its own: positions, tokens and cursors of the life before must not be taken for this one's,
    /// as both go on from the same numbers. Leases end, but keep their fences, which must never go back.
    /// </summary>
    public static void BeginNewLife(string path)
    {
        using var database = SqliteDatabase.Open(path, readOnly: false);
        database.Execute("""
            PRAGMA synchronous = FULL;
            BEGIN IMMEDIATE;
            UPDATE life SET timeline = (random() & 0x3fffffffffffffff) | 1;
            UPDATE leases SET until = 0;
            COMMIT;
            """);
    }
}
