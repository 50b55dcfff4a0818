using SQLitePCL;

namespace Roster.Storage.Sqlite;

/// <summary>One connection with its prepared statements. For one thread at a time: SQLite's own mutex is off.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int PagesAtOnce = 1024;

    private readonly List<SqliteStatement> statements = [];
    private readonly sqlite3 handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => this.handle = handle;

    /// <summary>The SQL of every statement prepared here.</summary>
    public IEnumerable<string> Statements => statements.Select(s => s.Sql);

    /// <summary>True while no transaction is open.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(handle) != 0;

    /// <summary>Rows changed by the last statement that finished.</summary>
    public int Changes => raw.sqlite3_changes(handle);

    /// <summary>Opens a file; only a writer creates it.</summary>
    public static SqliteDatabase Open(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX
            | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new SqliteDatabase(handle);
        if (result != raw.SQLITE_OK)
        {
            var failure = database.Failure(result, $"opening {path}");
            database.Dispose();
            throw failure;
        }

        _ = raw.sqlite3_extended_result_codes(handle, 1);
        return database;
    }

    /// <summary>Compiles one statement, kept until this connection closes.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = Compile(sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Runs any number of statements that return nothing of interest.</summary>
    public void Execute(string sql) => Require(raw.sqlite3_exec(handle, sql), sql);

    /// <summary>The first column of the first row as a number; null when there is none.</summary>
    public long? Number(string sql)
    {
        using var statement = Compile(sql);
        return statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
    }

    /// <summary>Every row's last column as text.</summary>
    public IReadOnlyList<string> Texts(string sql, int column)
    {
        using var statement = Compile(sql);
        var texts = new List<string>();
        while (statement.Step())
        {
            texts.Add(statement.Text(column));
        }

        return texts;
    }

    /// <summary>Copies the log into the file; false when readers kept it from finishing.</summary>
    /// <param name="mode">One of <c>SQLITE_CHECKPOINT_*</c>.</param>
    /// <exception cref="SqliteException">Reading or writing failed.</exception>
    public bool Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out var logged, out var copied);
        return (result & 0xff) switch
        {
            raw.SQLITE_OK => logged == copied,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => false,
            _ => throw Failure(result, "checkpoint"),
        };
    }

    /// <summary>Leaves the log alone when this connection closes, even as the last one: its owner may come back for it.</summary>
    public void LeaveLogOnClose() =>
        Require(raw.sqlite3_db_config(handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _), "leaving the log on close");

    /// <summary>Copies what this connection's read transaction sees into an empty database.</summary>
    /// <param name="target">The connection to that database.</param>
    /// <param name="copied">Called after each step with the number of pages copied so far; it may throw to stop.</param>
    public void CopyTo(SqliteDatabase target, Action<int> copied)
    {
        using var backup = raw.sqlite3_backup_init(target.handle, "main", handle, "main");
        if (backup.IsInvalid)
        {
            throw target.Failure(raw.sqlite3_errcode(target.handle), "copying");
        }

        int result;
        while ((result = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
        {
            copied(raw.sqlite3_backup_pagecount(backup) - raw.sqlite3_backup_remaining(backup));
        }

        if (result != raw.SQLITE_DONE)
        {
            throw target.Failure(result, "copying");
        }

        copied(raw.sqlite3_backup_pagecount(backup));
    }

    /// <summary>Pages written since the last call: what the log has grown by.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Ends an open transaction without trace; nothing happens when there is none.</summary>
    public void RollBack()
    {
        if (!IsIdle)
        {
            // A failed ROLLBACK leaves nothing to do: the next BEGIN fails then and says so.
            _ = raw.sqlite3_exec(handle, "ROLLBACK");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        handle.Dispose();
    }

    /// <summary>What SQLite says about a result.</summary>
    internal SqliteException Failure(int result, string doing) =>
        new(result, $"SQLite: {raw.sqlite3_errmsg(handle).utf8_to_string()} ({result}) in: {doing}");

    private void Require(int result, string doing)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result, doing);
        }
    }

    private SqliteStatement Compile(string sql)
    {
        var result = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        return result == raw.SQLITE_OK ? new SqliteStatement(this, statement, sql) : throw Failure(result, sql);
    }
}
