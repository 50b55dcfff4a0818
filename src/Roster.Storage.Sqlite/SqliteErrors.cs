using Roster.Core.Storage;
using SQLitePCL;

namespace Roster.Storage.Sqlite;

/// <summary>Which of SQLite's errors mean an outage, and how they are told.</summary>
internal static class SqliteErrors
{
    /// <summary>An outage as the contract names it, or null when the error is about the statement or its data.</summary>
    private static StoreUnavailableException? AsOutage(SqliteException error) => error.Code switch
    {
        raw.SQLITE_FULL => new("The disk of the database is full; free some space.", error),
        raw.SQLITE_IOERR => new("The disk of the database cannot be read or written.", error),
        raw.SQLITE_CANTOPEN => new("The database file cannot be opened.", error),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new("The database file cannot be written.", error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => new("The database is locked by another program.", error),
        raw.SQLITE_NOMEM => new("The database is out of memory.", error),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new("The database file is damaged; restore it from a backup.", error),
        _ => null,
    };

    /// <summary>The error as callers are told it: the outage it means, or itself.</summary>
    public static Exception Told(SqliteException error) => (Exception?)AsOutage(error) ?? error;

    /// <summary>What a failed COMMIT means, once it was rolled back.</summary>
    public static Exception AfterCommit(SqliteException error) => error.Code switch
    {
        // The log may hold the whole commit although its fsync failed; recovery after a crash would then bring it back.
        raw.SQLITE_IOERR => new OutcomeUnknownException("The disk failed while the change was being made durable.", error),
        _ => Told(error),
    };
}
