namespace Roster.Storage.Sqlite;

/// <summary>Work for the writer's thread, and the promise of its result.</summary>
internal interface IWriterJob
{
    /// <summary>Runs it, unless its caller has gone; never throws.</summary>
    void Run(SqliteDatabase database);

    /// <summary>Ends it without running.</summary>
    void Refuse(Exception reason);
}

/// <inheritdoc cref="IWriterJob"/>
internal sealed class WriterJob<T>(Func<SqliteDatabase, T> work) : IWriterJob
{
    private const int Waiting = 0;
    private const int Taken = 1;

    private readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int state = Waiting;

    /// <summary>The result; cancellation ends it only while it waits, never once it runs.</summary>
    public async Task<T> WaitAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            static (job, token) => ((WriterJob<T>)job!).Withdraw(token), this);
        return await result.Task;
    }

    /// <inheritdoc/>
    public void Run(SqliteDatabase database)
    {
        if (!TryTake())
        {
            return;
        }

        try
        {
            result.SetResult(work(database));
        }
        catch (SqliteException error)
        {
            result.SetException(SqliteErrors.Told(error));
        }
        catch (Exception error)
        {
            result.SetException(error);
        }
        finally
        {
            // Whatever went wrong, the next job must not find itself inside this one's transaction.
            database.RollBack();
        }
    }

    /// <inheritdoc/>
    public void Refuse(Exception reason)
    {
        if (TryTake())
        {
            result.SetException(reason);
        }
    }

    private void Withdraw(CancellationToken token)
    {
        if (TryTake())
        {
            result.SetCanceled(token);
        }
    }

    private bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;
}
