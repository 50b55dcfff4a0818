using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Roster.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle, string sql) : IDisposable
{
    private const int StackBytes = 512;

    /// <summary>Its text.</summary>
    public string Sql => sql;

    /// <summary>Binds a number.</summary>
    public SqliteStatement Bind(int index, long value) => Check(raw.sqlite3_bind_int64(handle, index, value));

    /// <summary>Binds a number or NULL.</summary>
    public SqliteStatement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    /// <summary>Binds an id as 16 big-endian bytes, which sort by time.</summary>
    public SqliteStatement Bind(int index, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    /// <summary>Binds an id or NULL.</summary>
    public SqliteStatement Bind(int index, Guid? id) => id is { } value ? Bind(index, value) : BindNull(index);

    /// <summary>Binds bytes; none are an empty BLOB, not NULL.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> bytes) =>
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, bytes));

    /// <summary>Binds bytes, or NULL when there are none.</summary>
    public SqliteStatement BindOrNull(int index, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? BindNull(index) : Bind(index, bytes);

    /// <summary>Binds text, encoded without a copy on the heap where it is short.</summary>
    public SqliteStatement Bind(int index, string text)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (length <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return BindUtf8(index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        BindUtf8(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public SqliteStatement BindUtf8(int index, ReadOnlySpan<byte> text) =>
        Check(raw.sqlite3_bind_text(handle, index, text.IsEmpty ? ""u8 : text));

    /// <summary>Binds NULL.</summary>
    public SqliteStatement BindNull(int index) => Check(raw.sqlite3_bind_null(handle, index));

    /// <summary>Goes to the next row; false, and ready for the next use, when there is none.</summary>
    /// <exception cref="SqliteException">It failed; ready for the next use.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result == raw.SQLITE_DONE)
        {
            _ = raw.sqlite3_reset(handle);
            return false;
        }

        var failure = database.Failure(result, sql);
        _ = raw.sqlite3_reset(handle);
        throw failure;
    }

    /// <summary>Runs a statement that returns no rows; the number of rows it changed.</summary>
    public int Run()
    {
        Step();
        return database.Changes;
    }

    /// <summary>Resets on disposal: for loops over rows that may be left early.</summary>
    public Use Open() => new(this);

    /// <summary>Ends an execution before its last row.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    /// <summary>A column's number.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>A column's number.</summary>
    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    /// <summary>Whether a column is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <summary>A column's bytes, BLOB or UTF-8; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>A column's text.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A column's id.</summary>
    public Guid Id(int column) => new(Bytes(column), bigEndian: true);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private SqliteStatement Check(int result) => result == raw.SQLITE_OK ? this : throw database.Failure(result, sql);

    /// <summary>An execution, reset when it goes out of scope.</summary>
    internal readonly ref struct Use(SqliteStatement statement)
    {
        /// <summary>Resets the statement.</summary>
        public void Dispose() => statement.Reset();
    }
}
