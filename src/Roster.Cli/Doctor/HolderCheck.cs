using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>Who has the store open.</summary>
internal sealed class HolderCheck : ShardCheck
{
    protected override Finding Find(InspectedShard shard, Patient patient) => Finding.Ok(
        shard.Holder is { } process ? $"{shard.Folder} is served by process {process}." : $"{shard.Folder} is held by nobody.");
}
