namespace Roster.Storage.Sqlite;

/// <summary>SQLite refused or failed (https://www.sqlite.org/rescode.html).</summary>
/// <param name="code">The extended result code.</param>
/// <param name="message">SQLite's words, and what was being done.</param>
public sealed class SqliteException(int code, string message) : Exception(message)
{
    /// <summary>The extended result code.</summary>
    public int ExtendedCode { get; } = code;

    /// <summary>The primary result code.</summary>
    public int Code => ExtendedCode & 0xff;
}
