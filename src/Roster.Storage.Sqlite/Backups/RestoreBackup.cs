namespace Roster.Storage.Sqlite.Backups;

/// <summary>
/// <c>roster restore</c>: puts a backup where the settings want their shards. Every restored shard begins a new timeline.
/// What stands under the targets' names is whole and durable.
/// </summary>
/// <param name="targets">Where the shards shall lie.</param>
/// <param name="keyFolder">The folder that gets <c>admin.key</c>; a shard's, or as free as theirs.</param>
public sealed class RestoreBackup(IReadOnlyList<ShardFolder> targets, string keyFolder)
{
    /// <summary>Restores; what was restored.</summary>
    /// <exception cref="IOException">A target is not free, or cannot be written.</exception>
    /// <exception cref="InvalidDataException">It is no whole backup, was changed, or has other shards.</exception>
    public BackupManifest Handle(string backup, CancellationToken cancellation)
    {
        var manifest = BackupManifest.Read(backup);
        RequireSameShards(backup, manifest);
        using var drafts = new RestoreDrafts([.. targets.Select(target => target.Folder).Append(keyFolder)]);
        try
        {
            foreach (var shard in manifest.Shards)
            {
                var folder = drafts.PathOf(targets.Single(target => target.Shard.Value == shard.Shard).Folder);
                DataFolder.Create(folder);
                Restore(shard, BackupManifest.DatabaseOf(backup, shard.Shard), DataFolder.DatabaseIn(folder), cancellation);
            }

            if (manifest.AdminKey is { } key)
            {
                var folder = drafts.PathOf(keyFolder);
                DataFolder.Create(folder);
                CopySealed(key, Path.Combine(backup, BackupManifest.KeyName), Path.Combine(folder, BackupManifest.KeyName), cancellation);
            }

            drafts.Publish();
            return manifest;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Told(error);
        }
    }

    private void RequireSameShards(string backup, BackupManifest manifest)
    {
        var there = string.Join(", ", manifest.Shards.Select(shard => shard.Shard).Order());
        var wanted = string.Join(", ", targets.Select(target => target.Shard.Value).Order());
        if (there != wanted)
        {
            throw new InvalidDataException($"{backup} holds shards {there}, but the settings name {wanted}: give each of its shards a Roster:Shards:N:Path, and no other.");
        }

        if (manifest.Shards.FirstOrDefault(shard => shard.Schema > SqliteMigrations.Newest) is { } newer)
        {
            throw SqliteMigrations.TooNew(newer.Schema);
        }
    }

    // Under another name first: a draft that a kill leaves has no database in it until that is whole.
    private static void Restore(BackedUpShard shard, string from, string to, CancellationToken cancellation)
    {
        var unfinished = to + ".part";
        CopySealed(shard.Database, from, unfinished, cancellation);
        CopiedDatabase.BeginNewLife(unfinished);
        OwnersFile.Seal(unfinished);
        File.Move(unfinished, to);
    }

    private static void CopySealed(FileSeal seal, string from, string to, CancellationToken cancellation)
    {
        if (!File.Exists(from) || OwnersFile.Copy(from, to, cancellation) != seal)
        {
            throw new InvalidDataException($"{from} is not the file that the backup wrote: restore another backup.");
        }
    }
}
