using System.Diagnostics;
using SQLitePCL;

namespace Roster.Storage.Sqlite.Backups;

/// <summary>The write locks of all shards at one moment, held for milliseconds; disposal frees them.</summary>
internal sealed class WriteLocks : IDisposable
{
    /// <summary>Far below the five seconds for which a server's writer waits for the lock.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly List<SqliteDatabase> connections = [];

    /// <summary>Opens a connection to each database; nothing is locked yet.</summary>
    public WriteLocks(IReadOnlyList<string> databases)
    {
        try
        {
            foreach (var path in databases)
            {
                var connection = SqliteDatabase.Open(path, readOnly: false);
                connections.Add(connection);
                connection.LeaveLogOnClose();
                connection.Execute("PRAGMA busy_timeout = 0");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tries for a second to get all locks, in the order of the databases; false, and none is held, when somebody else was
    /// always faster. It asks every millisecond: SQLite's own waiting grows to 100 ms and would starve beside a busy writer.
    /// </summary>
    public bool TryTake(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var connection in connections)
        {
            while (!TryBegin(connection))
            {
                if (Stopwatch.GetElapsedTime(start) > LongestHold)
                {
                    Free();
                    return false;
                }

                cancellation.ThrowIfCancellationRequested();
                Thread.Sleep(1);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        connections.ForEach(connection => connection.Dispose());
    }

    private void Free() => connections.ForEach(connection => connection.RollBack());

    private static bool TryBegin(SqliteDatabase connection)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            return true;
        }
        catch (SqliteException error) when (error.Code == raw.SQLITE_BUSY)
        {
            return false;
        }
    }
}
