namespace Roster.Core.Ids;

/// <summary>A shard: one primary with its replicas, or one SQLite folder. Shard 0 holds the control data too.</summary>
public readonly record struct ShardId(int Value)
{
    /// <summary>The shard that holds the control data.</summary>
    public static ShardId Control => new(0);
}
