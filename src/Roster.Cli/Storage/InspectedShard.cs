using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Inspection;

namespace Roster.Cli.Storage;

/// <summary>A shard that is looked at.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Inside">Its content; null when it cannot be opened.</param>
/// <param name="Problem">Why, in a sentence.</param>
internal sealed record InspectedShard(ShardId Shard, string Folder, SqliteInspection? Inside, string? Problem)
{
    /// <summary>The newest schema this program knows.</summary>
    public static int NewestSchema => SqliteInspection.NewestSchema;

    /// <summary>The process that holds its folder, if any.</summary>
    public string? Holder => SqliteInspection.HolderOf(Folder);

    public static InspectedShard Open(ShardFolder from)
    {
        try
        {
            return new InspectedShard(from.Shard, from.Folder, SqliteInspection.Open(from), null);
        }
        catch (Exception e) when (e is InvalidDataException or StoreUnavailableException)
        {
            return new InspectedShard(from.Shard, from.Folder, null, e.Message);
        }
    }
}
