using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>
/// How far the shard has committed. The writer moves it after COMMIT and before results are handed out; readers take
/// it before their snapshot begins, so a snapshot always holds at least what its position says.
/// </summary>
internal sealed class ShardClock(ShardId shard, long timeline, long commits)
{
    private long commits = commits;

    /// <summary>This life of the shard.</summary>
    public long Timeline => timeline;

    /// <summary>The position of the last commit.</summary>
    public Position Now => new(shard, timeline, Volatile.Read(ref commits));

    /// <summary>Publishes a commit.</summary>
    public void MoveTo(long value) => Volatile.Write(ref commits, value);
}
