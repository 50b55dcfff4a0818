using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>The data folder exists, and only its owner can look into it.</summary>
internal sealed class FolderCheck : ShardCheck<EmbeddedShard>
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    protected override bool Applies(EmbeddedShard shard) => true;

    protected override Finding Find(EmbeddedShard shard, Patient patient)
    {
        if (File.Exists(shard.Folder))
        {
            return Finding.Wrong($"{shard.Folder} is a file: name a folder with --data or Roster:Shards:{shard.Shard.Value}:Path.");
        }

        if (!Directory.Exists(shard.Folder))
        {
            return Finding.Note($"{shard.Folder} does not exist yet: the first roster serve makes it.");
        }

        var open = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(shard.Folder) & Others;
        return open == UnixFileMode.None
            ? Finding.Ok($"{shard.Folder} is its owner's only.")
            : Finding.Wrong($"{shard.Folder} holds keys and the placement secret, but others than its owner can look into it: chmod 700 {shard.Folder}");
    }
}
