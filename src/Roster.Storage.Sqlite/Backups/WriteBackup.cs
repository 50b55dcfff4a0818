using Roster.Core.Events;

namespace Roster.Storage.Sqlite.Backups;

/// <summary>
/// <c>roster backup</c>: all shards as of one moment, beside running servers, whose folders are only read. What stands
/// under the target's name is whole, checked and durable.
/// </summary>
/// <param name="shards">Where the shards lie.</param>
/// <param name="keyFolder">The folder that may hold <c>admin.key</c>.</param>
/// <param name="program">This program's version.</param>
/// <param name="time">For the manifest.</param>
public sealed class WriteBackup(IReadOnlyList<ShardFolder> shards, string keyFolder, string program, TimeProvider time)
{
    /// <summary>Writes it.</summary>
    /// <param name="target">The folder to make; it may exist if it is empty.</param>
    /// <param name="progress">Told the number of pages copied so far.</param>
    /// <param name="cancellation">Stops, and leaves nothing behind.</param>
    /// <exception cref="IOException">The target is not free, or cannot be written.</exception>
    /// <exception cref="InvalidDataException">There is no store, or it is damaged.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">SQLite cannot serve.</exception>
    public BackupManifest Handle(string target, Action<long> progress, CancellationToken cancellation)
    {
        using var draft = new DraftFolder(target);
        try
        {
            var (at, lives) = Copy(draft.Path, progress, cancellation);
            var manifest = new BackupManifest(
                BackupManifest.Known, program, at, [.. lives.Select(life => Checked(life, draft.Path, cancellation))], CopyKey(draft.Path, cancellation));
            manifest.Write(draft.Path);
            draft.Publish();
            return manifest;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Told(error);
        }
    }

    private (DateTimeOffset At, IReadOnlyList<LifeRow> Lives) Copy(string draft, Action<long> progress, CancellationToken cancellation)
    {
        using var cut = ConsistentCut.Take(shards, cancellation);
        var at = Timestamps.Truncate(time.GetUtcNow());
        long before = 0;
        foreach (var snapshot in cut.Snapshots)
        {
            var file = BackupManifest.DatabaseOf(draft, snapshot.Life.Shard.Value);
            DataFolder.Create(Path.GetDirectoryName(file)!);
            var pages = 0;
            snapshot.CopyTo(file, count =>
            {
                cancellation.ThrowIfCancellationRequested();
                progress(before + (pages = count));
            });
            before += pages;
        }

        return (at, [.. cut.Snapshots.Select(snapshot => snapshot.Life)]);
    }

    private static BackedUpShard Checked(LifeRow life, string draft, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = BackupManifest.DatabaseOf(draft, life.Shard.Value);
        CopiedDatabase.RequireSound(file);

        // Sealed after the check, because SQLite may touch a file that it opens and closes.
        return new BackedUpShard(life.Shard.Value, life.Schema, life.Timeline, life.Commits, OwnersFile.Seal(file));
    }

    private FileSeal? CopyKey(string draft, CancellationToken cancellation)
    {
        var key = Path.Combine(keyFolder, BackupManifest.KeyName);
        return File.Exists(key) ? OwnersFile.Copy(key, Path.Combine(draft, BackupManifest.KeyName), cancellation) : null;
    }
}
