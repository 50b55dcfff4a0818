using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>The disk has room: for the log, which grows to 256 MiB before it is copied and further while a backup runs.</summary>
internal sealed class DiskSpaceCheck : ShardCheck<EmbeddedShard>
{
    private const long Least = 512L << 20;

    protected override bool Applies(EmbeddedShard shard) => Directory.Exists(shard.Folder);

    protected override Finding Find(EmbeddedShard shard, Patient patient)
    {
        var free = new DriveInfo(Path.GetFullPath(shard.Folder)).AvailableFreeSpace;
        return free < Least
            ? Finding.Wrong($"{shard.Folder} has {Counted.Bytes(free)} of disk left, and the log alone may take {Counted.Bytes(Least)}: free some space.")
            : Finding.Ok($"{shard.Folder} has {Counted.Bytes(free)} of disk left.");
    }
}
