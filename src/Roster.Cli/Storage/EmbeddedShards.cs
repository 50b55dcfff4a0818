using Roster.Cli.Settings;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Backups;

namespace Roster.Cli.Storage;

/// <summary>The embedded store's shards, for verbs that work beside a running server.</summary>
internal sealed class EmbeddedShards(IReadOnlyList<ShardFolder> folders, string keyFolder)
{
    /// <summary>Which they are, and where.</summary>
    public IReadOnlyList<ShardFolder> Folders => folders;

    /// <exception cref="SettingsException">The storage is not the embedded one.</exception>
    public static EmbeddedShards Of(RosterSettings settings) => settings.Postgres is not null
        ? throw new SettingsException("This is for the embedded store, and Roster:Storage is \"postgres\": docs/operations/postgres.md says how it is done there.")
        : new(
        [.. settings.Shards.Select(shard => new ShardFolder(shard.Shard, shard.Folder))], settings.DataFolder);

    public BackupManifest BackUp(string target, Action<long> progress, CancellationToken cancellation) =>
        new WriteBackup(folders, keyFolder, ProgramVersion.Text, TimeProvider.System).Handle(target, progress, cancellation);

    public BackupManifest Restore(string backup, CancellationToken cancellation) =>
        new RestoreBackup(folders, keyFolder).Handle(backup, cancellation);

    /// <summary>Looks at every shard; the one that holds the control data comes first.</summary>
    public InspectedShards Inspect() => new([.. folders.OrderBy(folder => folder.Shard.Value).Select(EmbeddedShard.Open)]);
}
