using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>Who has the store open.</summary>
internal sealed class HolderCheck : ShardCheck<EmbeddedShard>
{
    protected override bool Applies(EmbeddedShard shard) => Directory.Exists(shard.Folder);

    protected override Finding Find(EmbeddedShard shard, Patient patient) => Finding.Ok(
        shard.Holder is { } process ? $"{shard.Folder} is served by process {process}." : $"{shard.Folder} is held by nobody.");
}
