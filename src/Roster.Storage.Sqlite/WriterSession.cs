using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>Everything the writer's thread can do, prepared once on its connection.</summary>
internal sealed class WriterSession
{
    /// <summary>Prepares it; the file is this shard's from now on.</summary>
    public WriterSession(SqliteDatabase database, ShardId shard)
    {
        Life = new ShardLife(database, shard);
        Commits = new CommitBatch(database, Life);
        Control = new ControlWrites(database);
        Progress = new ProgressWrites(database);
        Expiring = new Expiring(database);
        Restoring = new Restoring(database, Life);
    }

    /// <summary>How far the shard has come.</summary>
    public ShardLife Life { get; }

    /// <summary>Batches of changes.</summary>
    public CommitBatch Commits { get; }

    /// <summary>Control data.</summary>
    public ControlWrites Control { get; }

    /// <summary>What readers and consumers have done.</summary>
    public ProgressWrites Progress { get; }

    /// <summary>Clean-up steps.</summary>
    public Expiring Expiring { get; }

    /// <summary>Rebuilding.</summary>
    public Restoring Restoring { get; }
}
