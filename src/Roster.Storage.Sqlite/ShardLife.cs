using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>The one row that says which shard a file is and how far it has come; for the writer's thread.</summary>
internal sealed class ShardLife
{
    private readonly SqliteStatement save;

    /// <summary>Reads the row, and marks a new file as this shard's.</summary>
    /// <exception cref="InvalidOperationException">The file is another shard's.</exception>
    public ShardLife(SqliteDatabase database, ShardId shard)
    {
        var owner = database.Number("SELECT shard FROM life");
        if (owner is { } other && other != shard.Value)
        {
            throw new InvalidOperationException(
                $"The data folder holds shard {other}, not shard {shard.Value}: give each shard its own folder.");
        }

        if (owner is null)
        {
            database.Prepare("UPDATE life SET shard = ?1").Bind(1, shard.Value).Run();
        }

        Commits = database.Number("SELECT commits FROM life") ?? 0;
        OutboxHead = database.Number("SELECT outbox_head FROM life") ?? 0;
        Clock = new ShardClock(shard, database.Number("SELECT timeline FROM life") ?? 0, Commits);
        save = database.Prepare("UPDATE life SET commits = ?1, outbox_head = ?2");
    }

    /// <summary>What readers see of it.</summary>
    public ShardClock Clock { get; }

    /// <summary>The number of commits that happened.</summary>
    public long Commits { get; private set; }

    /// <summary>The newest outbox position ever given.</summary>
    public long OutboxHead { get; private set; }

    /// <summary>Commits the open transaction as the next one, and publishes it.</summary>
    /// <param name="database">The writer's connection.</param>
    /// <param name="outboxHead">The newest position given in this transaction, or the one before.</param>
    public void Commit(SqliteDatabase database, long outboxHead)
    {
        save.Bind(1, Commits + 1).Bind(2, outboxHead).Run();
        SqliteTransactions.Commit(database);
        Commits++;
        OutboxHead = outboxHead;
        Clock.MoveTo(Commits);
    }
}
