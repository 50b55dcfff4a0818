using Roster.Core.Ids;
using Roster.Core.Storage.Inspection;

namespace Roster.Cli.Storage;

/// <summary>A shard that is looked at.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Place">Where it is: a folder, or a server's address and database.</param>
/// <param name="Problem">Why it cannot be looked into, in a sentence.</param>
internal abstract record InspectedShard(ShardId Shard, string Place, string? Problem) : IDisposable
{
    /// <summary>What is in it; null when it cannot be looked into.</summary>
    public abstract IShardInspection? Inside { get; }

    /// <summary>The newest schema this program knows for its engine.</summary>
    public abstract int NewestSchema { get; }

    public void Dispose() => Inside?.Dispose();
}
