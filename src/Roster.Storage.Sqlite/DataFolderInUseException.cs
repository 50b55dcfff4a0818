namespace Roster.Storage.Sqlite;

/// <summary>Another process, or another store of this one, has the data folder open.</summary>
public sealed class DataFolderInUseException(string message, Exception? inner = null) : IOException(message, inner);
