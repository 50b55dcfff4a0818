using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>A check of the content of shards of any engine that can be read; that one cannot is for others to say.</summary>
internal abstract class ContentCheck : ShardCheck<InspectedShard>
{
    protected override bool Applies(InspectedShard shard) => shard.Inside is { Schema: > 0 };
}
