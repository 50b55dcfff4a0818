using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>Where a SQLite shard lies, and what it may use.</summary>
public sealed record SqliteOptions
{
    /// <summary>The data folder; made when missing, readable by its owner only. One store at a time holds it.</summary>
    public required string Folder { get; init; }

    /// <summary>Which shard it is. A folder never changes its shard.</summary>
    public ShardId Shard { get; init; } = ShardId.Control;

    /// <summary>Connections that read at the same time; further readers wait.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Page cache of the writer, in MiB.</summary>
    public int WriterCacheMiB { get; init; } = 64;

    /// <summary>The write-ahead log is copied into the database when it has grown by so much, in MiB: a larger log
    /// merges more writes of the same page, and takes longer to read after a crash.</summary>
    public int CheckpointMiB { get; init; } = 256;

    /// <summary>Batches and steps that may wait for the writer; one more is refused as busy.</summary>
    public int WriterQueue { get; init; } = 4096;

    /// <summary>Whether there is a database in the folder.</summary>
    public bool Exists => File.Exists(DataFolder.DatabaseIn(Folder));

    /// <summary>Internal, so that nothing that is shipped can lower it: tests do, to see the loss of durability caught.</summary>
    internal SyncLevel Sync { get; init; } = SyncLevel.Full;
}
