namespace Roster.Storage.Sqlite.Backups;

/// <summary>A shard as it was at one moment: a read transaction, open until disposal. Writers go on; only the log grows.</summary>
internal sealed class ShardSnapshot : IDisposable
{
    private readonly SqliteDatabase database;

    /// <summary>Begins to read.</summary>
    /// <exception cref="InvalidDataException">The folder holds another shard, or no store yet.</exception>
    public ShardSnapshot(ShardFolder from)
    {
        database = SqliteConnections.OpenReader(DataFolder.DatabaseIn(from.Folder));
        try
        {
            database.LeaveLogOnClose();
            database.Execute("BEGIN");
            Life = LifeRow.Read(database, from);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How far it had come.</summary>
    public LifeRow Life { get; }

    /// <summary>Writes it to a new file that only the owner can read; nothing is synced yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="copied">Called with the number of pages so far; it may throw to stop.</param>
    public void CopyTo(string path, Action<int> copied)
    {
        using (OwnersFile.Create(path))
        {
            // SQLite would make it with the mode that the umask leaves, and a backup holds the placement secret.
        }

        using var target = SqliteDatabase.Open(path, readOnly: false);
        target.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
        database.CopyTo(target, copied);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        database.RollBack();
        database.Dispose();
    }
}
