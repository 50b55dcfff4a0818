using Roster.Core.Ids;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Backups;
using Xunit;

namespace Roster.Tests.Storage.Sqlite.Backups;

/// <summary>A store of two shards in folders of their own, and what is made of it.</summary>
internal sealed class TwoShards : IAsyncDisposable
{
    private readonly List<SqliteStore> stores = [];
    private int users;

    public string Folder { get; } = Directory.CreateTempSubdirectory("roster-two-").FullName;

    public Changes Changes { get; } = new();

    public IReadOnlyList<ShardFolder> Shards => In("");

    public SqliteStore First => stores[0];

    public SqliteStore Second => stores[1];

    public static async Task<TwoShards> OpenAsync(SyncLevel sync = SyncLevel.Full)
    {
        var two = new TwoShards();
        foreach (var (shard, folder) in two.Shards)
        {
            two.stores.Add(await OpenAsync(shard, folder, sync));
        }

        await File.WriteAllTextAsync(Path.Combine(two.Shards[0].Folder, "admin.key"), "a key");
        return two;
    }

    public static Task<SqliteStore> OpenAsync(ShardId shard, string folder, SyncLevel sync = SyncLevel.Full) =>
        SqliteStore.OpenAsync(new SqliteOptions { Folder = folder, Shard = shard, Sync = sync }, SuiteEncoders.All, CancellationToken.None);

    /// <summary>Where the two lie under a folder of this test.</summary>
    public IReadOnlyList<ShardFolder> In(string folder) =>
        [.. Enumerable.Range(0, 2).Select(shard => new ShardFolder(new ShardId(shard), Path.Combine(Beside(folder), $"{shard}")))];

    public string Beside(string name) => Path.Combine(Folder, name);

    public async Task<User> RegisterAsync(SqliteStore store)
    {
        var change = Changes.Register("Ada", $"ada{++users}@example.com");
        Assert.Equal(Core.Storage.ChangeOutcome.Committed, Assert.Single(await store.CommitAsync([change], CancellationToken.None)).Outcome);
        return change.Next!;
    }

    public BackupManifest BackUp(string name) => BackUp(name, static _ => { });

    public BackupManifest BackUp(string name, Action<long> progress) =>
        new WriteBackup(Shards, Shards[0].Folder, "test", TimeProvider.System).Handle(Beside(name), progress, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
