using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>
/// The one thread that owns the one connection that writes. SQLite has a single writer anyway; a queue in front of it
/// is fair, never meets SQLITE_BUSY, and keeps every prepared statement and page cache in one place.
/// </summary>
internal sealed class SqliteWriter
{
    private readonly Queue<IWriterJob> jobs = [];
    private readonly object gate = new();
    private readonly string path;
    private readonly SqliteOptions options;
    private readonly Thread thread;
    private bool closing;

    private SqliteWriter(string path, SqliteOptions options)
    {
        this.path = path;
        this.options = options;
        thread = new Thread(Work) { IsBackground = true, Name = $"sqlite-writer-{options.Shard.Value}" };
    }

    /// <summary>Opens the file for writing and starts the thread.</summary>
    public static SqliteWriter Start(string path, SqliteOptions options)
    {
        var writer = new SqliteWriter(path, options);
        writer.thread.Start();
        return writer;
    }

    /// <summary>Runs work on the writer's thread, after all that came before.</summary>
    /// <param name="work">What to do; it ends the transactions it begins.</param>
    /// <param name="cancellation">Withdraws work that has not begun.</param>
    /// <exception cref="StoreBusyException">Too much is waiting.</exception>
    /// <exception cref="StoreUnavailableException">The store is closing, or SQLite cannot serve.</exception>
    public Task<T> RunAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var job = new WriterJob<T>(work);
        lock (gate)
        {
            if (closing)
            {
                throw new StoreUnavailableException("The store is closing.");
            }

            if (jobs.Count >= options.WriterQueue)
            {
                throw new StoreBusyException("Too many writes are waiting; try again in a moment.");
            }

            jobs.Enqueue(job);
            if (jobs.Count == 1)
            {
                Monitor.Pulse(gate);
            }
        }

        return job.WaitAsync(cancellation);
    }

    /// <summary>Runs work in a transaction of its own that is durable when the task ends.</summary>
    /// <param name="work">What to do; false rolls it back.</param>
    /// <param name="cancellation">Withdraws work that has not begun.</param>
    public Task<bool> ChangeAsync(Func<SqliteDatabase, bool> work, CancellationToken cancellation) =>
        RunAsync(
            database =>
            {
                database.Execute("BEGIN IMMEDIATE");
                if (!work(database))
                {
                    database.RollBack();
                    return false;
                }

                SqliteTransactions.Commit(database);
                return true;
            },
            cancellation);

    /// <summary>Refuses new work, finishes what waits, copies the log into the file and closes it.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            closing = true;
            Monitor.Pulse(gate);
        }

        return Task.Run(thread.Join);
    }

    private void Work()
    {
        try
        {
            using var database = SqliteConnections.OpenWriter(path, options);
            using var checkpoints = new Checkpoints(database, SqliteConnections.OpenCopier(path), options.CheckpointMiB);
            checkpoints.TakeOver();
            while (Take() is { } job)
            {
                job.Run(database);
                checkpoints.AfterJob();
            }

            checkpoints.Last();
        }
        catch (Exception error)
        {
            // It could not be opened, or its settings no longer hold: nothing may be written, and every caller hears why.
            RefuseAll(error);
        }
    }

    private IWriterJob? Take()
    {
        lock (gate)
        {
            while (jobs.Count == 0)
            {
                if (closing)
                {
                    return null;
                }

                Monitor.Wait(gate);
            }

            return jobs.Dequeue();
        }
    }

    private void RefuseAll(Exception error)
    {
        while (Take() is { } job)
        {
            job.Refuse(error is SqliteException failed ? SqliteErrors.Told(failed) : error);
        }
    }
}
