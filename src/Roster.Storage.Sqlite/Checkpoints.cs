using SQLitePCL;

namespace Roster.Storage.Sqlite;

/// <summary>
/// Copies the log into the database and starts it anew, between jobs, when it has grown past a bound. SQLite's own
/// automatic way never waits for readers, so a log whose readers overlap without end would grow without end.
/// </summary>
internal sealed class Checkpoints(SqliteDatabase database, int limitMiB)
{
    private const int PageBytes = 4096;

    private readonly long limit = limitMiB * 1024L * 1024 / PageBytes;
    private long pages;
    private long next = limitMiB * 1024L * 1024 / PageBytes;

    /// <summary>Called after each job; its result has been given already.</summary>
    public void AfterJob()
    {
        pages += database.TakePagesWritten();
        if (pages < next)
        {
            return;
        }

        // Readers that begin now read the file once all is copied, so only those in flight are waited for, and not for long.
        if (Try(raw.SQLITE_CHECKPOINT_RESTART))
        {
            pages = 0;
            next = limit;
        }
        else
        {
            next = pages + (limit / 4);
        }
    }

    /// <summary>Leaves everything in the database file and the log empty.</summary>
    public void Last() => Try(raw.SQLITE_CHECKPOINT_TRUNCATE);

    private bool Try(int mode)
    {
        try
        {
            database.Execute("PRAGMA busy_timeout = 200");
            return database.Checkpoint(mode);
        }
        catch (SqliteException)
        {
            // The log still holds everything; the next commit meets the same disk and tells its callers.
            return false;
        }
        finally
        {
            database.Execute("PRAGMA busy_timeout = 5000");
        }
    }
}
