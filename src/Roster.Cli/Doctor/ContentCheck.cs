using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>A check of the content of each shard that can be read; that one cannot is <see cref="SchemaCheck"/>'s to say.</summary>
internal abstract class ContentCheck : ShardCheck
{
    protected override bool Applies(InspectedShard shard) => shard.Inside is not null;
}
