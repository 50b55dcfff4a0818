namespace Roster.Storage.Sqlite;

/// <summary>The end of a write transaction.</summary>
internal static class SqliteTransactions
{
    /// <summary>Commits: one fsync of the log.</summary>
    /// <exception cref="Roster.Core.Storage.StoreUnavailableException">It did not happen, or cannot be known.</exception>
    public static void Commit(SqliteDatabase database)
    {
        try
        {
            database.Execute("COMMIT");
        }
        catch (SqliteException error)
        {
            database.RollBack();
            throw SqliteErrors.AfterCommit(error);
        }
    }
}
