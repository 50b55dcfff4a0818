namespace Roster.Storage.Sqlite;

/// <summary>How connections are set up. What durability rests on is read back, not believed.</summary>
internal static class SqliteConnections
{
    /// <summary>The connection that writes: creates the file, migrates it.</summary>
    public static SqliteDatabase OpenWriter(string path, SqliteOptions options)
    {
        var database = SqliteDatabase.Open(path, readOnly: false);
        try
        {
            // In WAL, FULL adds the fsync of the log at each COMMIT that NORMAL leaves out.
            database.Execute("""
                PRAGMA busy_timeout = 5000;
                PRAGMA page_size = 4096;
                PRAGMA journal_mode = WAL;
                PRAGMA foreign_keys = OFF;
                PRAGMA temp_store = MEMORY;
                PRAGMA wal_autocheckpoint = 0;
                """);
            database.Execute($"PRAGMA synchronous = {(int)options.Sync}");
            database.Execute($"PRAGMA cache_size = -{options.WriterCacheMiB * 1024}");
            Require(database.Texts("PRAGMA journal_mode", 0)[0] == "wal", "journal_mode is not WAL");
            Require(database.Number("PRAGMA synchronous") == (int)options.Sync, "synchronous is not FULL");
            SqliteMigrations.Apply(database);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only copies the log into the file, and syncs both around it.</summary>
    public static SqliteDatabase OpenCopier(string path)
    {
        var database = SqliteDatabase.Open(path, readOnly: false);
        database.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
        return database;
    }

    /// <summary>
    /// A connection that only reads. Its own cache is small: each commit makes it stale, the mapping not. The mapping is
    /// bounded, because its pages count as the process's memory although the system may take them back at any time.
    /// </summary>
    public static SqliteDatabase OpenReader(string path)
    {
        var database = SqliteDatabase.Open(path, readOnly: true);
        database.Execute("""
            PRAGMA busy_timeout = 5000;
            PRAGMA query_only = ON;
            PRAGMA cache_size = -4096;
            PRAGMA mmap_size = 268435456;
            PRAGMA temp_store = MEMORY;
            """);
        return database;
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"SQLite does not do what durability needs: {problem}.");
        }
    }
}
