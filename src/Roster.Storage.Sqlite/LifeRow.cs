using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>How far a shard's file has come, as a reader finds it.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Schema">Its schema's version.</param>
/// <param name="Timeline">Its life.</param>
/// <param name="Commits">Position of its last commit.</param>
/// <param name="OutboxHead">Position of the newest outbox entry ever written.</param>
/// <param name="OutboxFloor">Position of the newest one ever removed.</param>
internal sealed record LifeRow(ShardId Shard, long Schema, long Timeline, long Commits, long OutboxHead, long OutboxFloor)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">There is no store, another shard's, or a newer program's.</exception>
    public static LifeRow Read(SqliteDatabase database, ShardFolder from)
    {
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('life', 'schema_version')") != 2)
        {
            throw new InvalidDataException($"The database in {from.Folder} is not, or not yet, a store of Roster.");
        }

        var schema = database.Number("SELECT max(version) FROM schema_version") ?? 0;
        if (schema > SqliteMigrations.Newest)
        {
            throw SqliteMigrations.TooNew(schema);
        }

        var row = database.Prepare("SELECT shard, timeline, commits, outbox_head, outbox_floor FROM life");
        using (row.Open())
        {
            if (!row.Step() || row.IsNull(0) || row.Int64(0) != from.Shard.Value)
            {
                throw new InvalidDataException($"The folder {from.Folder} does not hold shard {from.Shard.Value}: correct the settings.");
            }

            return new LifeRow(from.Shard, schema, row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4));
        }
    }
}
