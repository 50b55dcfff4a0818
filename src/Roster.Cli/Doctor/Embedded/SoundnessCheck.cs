using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>The database's pages and rows are well-formed: SQLite's quick check, which reads all of it.</summary>
internal sealed class SoundnessCheck : ShardCheck<EmbeddedShard>
{
    protected override Finding Find(EmbeddedShard shard, Patient patient) => shard.Database!.QuickCheck() is [var first, ..]
        ? Finding.Wrong($"The database in {shard.Folder} is damaged ({first}): restore a backup.")
        : Finding.Ok($"The database in {shard.Folder} is sound.");
}
