using System.Collections.Concurrent;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>
/// A few reading connections. A read runs on its caller's thread: it costs microseconds, less than a hand-over would.
/// </summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    private readonly ConcurrentStack<SqliteReader> idle = [];
    private readonly SemaphoreSlim free;
    private readonly int count;
    private bool closed;

    /// <summary>Opens them all.</summary>
    public SqliteReaders(string path, int count)
    {
        this.count = count;
        for (var i = 0; i < count; i++)
        {
            idle.Push(new SqliteReader(SqliteConnections.OpenReader(path)));
        }

        free = new SemaphoreSlim(count, count);
    }

    /// <summary>Answers from one snapshot, once a connection is free.</summary>
    /// <exception cref="StoreUnavailableException">SQLite cannot serve, or the store is closing.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        try
        {
            if (Volatile.Read(ref closed) || !idle.TryPop(out var reader))
            {
                throw new StoreUnavailableException("The store is closing.");
            }

            try
            {
                return reader.Read(read);
            }
            catch (SqliteException error)
            {
                throw SqliteErrors.Told(error);
            }
            finally
            {
                idle.Push(reader);
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Waits for the reads that run, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref closed, true);
        for (var i = 0; i < count; i++)
        {
            await free.WaitAsync();
        }

        while (idle.TryPop(out var reader))
        {
            reader.Dispose();
        }

        // Not disposed: a reader that comes later must be told that the store is closing.
        free.Release(count);
    }
}
