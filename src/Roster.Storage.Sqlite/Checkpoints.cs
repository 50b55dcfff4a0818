using SQLitePCL;

namespace Roster.Storage.Sqlite;

/// <summary>
/// Copies the log into the database and starts it anew when it has grown past a bound. The copying is done beside the
/// writer, on a connection of its own; then the writer, between two jobs, copies what came meanwhile and waits for
/// readers. SQLite's automatic way never waits, so a log whose readers overlap without end would grow without end.
/// </summary>
internal sealed class Checkpoints(SqliteDatabase writer, SqliteDatabase copier, int limitMiB) : IDisposable
{
    private const int PageBytes = 4096;

    private readonly long limit = limitMiB * 1024L * 1024 / PageBytes;
    private long pages;
    private long next = limitMiB * 1024L * 1024 / PageBytes;
    private Task? copying;

    /// <summary>Empties the log that a killed process left: many short lives must not make it grow without bound.</summary>
    public void TakeOver() => Try(writer, raw.SQLITE_CHECKPOINT_TRUNCATE);

    /// <summary>Called on the writer's thread after each job; its result has been given already.</summary>
    public void AfterJob()
    {
        pages += writer.TakePagesWritten();
        if (pages < next)
        {
            return;
        }

        if (copying is null)
        {
            copying = Task.Run(() => Try(copier, raw.SQLITE_CHECKPOINT_PASSIVE));
        }
        else if (copying.IsCompleted)
        {
            StartAnew();
        }
    }

    /// <summary>Leaves everything in the database file and the log empty.</summary>
    public void Last()
    {
        copying?.Wait();
        Try(writer, raw.SQLITE_CHECKPOINT_TRUNCATE);
    }

    /// <inheritdoc/>
    public void Dispose() => copier.Dispose();

    private void StartAnew()
    {
        copying = null;

        // Readers that begin now read the file once all is copied, so only those in flight are waited for, and not for long.
        writer.Execute("PRAGMA busy_timeout = 200");
        var done = Try(writer, raw.SQLITE_CHECKPOINT_RESTART);
        writer.Execute("PRAGMA busy_timeout = 5000");
        pages = done ? 0 : pages;
        next = done ? limit : pages + (limit / 4);
    }

    private static bool Try(SqliteDatabase database, int mode)
    {
        try
        {
            return database.Checkpoint(mode);
        }
        catch (SqliteException)
        {
            // The log still holds everything; the next commit meets the same disk and tells its callers.
            return false;
        }
    }
}
