using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Inspection;

namespace Roster.Cli.Storage;

/// <summary>A shard of the embedded store that is looked at.</summary>
internal sealed record EmbeddedShard(ShardId Shard, string Folder, SqliteInspection? Database, string? Problem)
    : InspectedShard(Shard, Folder, Problem)
{
    public override IShardInspection? Inside => Database;

    public override int NewestSchema => SqliteInspection.NewestSchema;

    /// <summary>The process that holds its folder, if any.</summary>
    public string? Holder => SqliteInspection.HolderOf(Folder);

    public static EmbeddedShard Open(ShardFolder from)
    {
        try
        {
            return new EmbeddedShard(from.Shard, from.Folder, SqliteInspection.Open(from), null);
        }
        catch (Exception e) when (e is InvalidDataException or StoreUnavailableException)
        {
            return new EmbeddedShard(from.Shard, from.Folder, null, e.Message);
        }
    }
}
