using Roster.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Storage.Sqlite.Backups;

public sealed class WriteBackupTests
{
    [Fact]
    public async Task A_backup_is_the_owners_only_and_holds_nothing_else()
    {
        await using var two = await TwoShards.OpenAsync();
        var made = two.BackUp("backup");
        var files = Directory.GetFileSystemEntries(two.Beside("backup"), "*", SearchOption.AllDirectories);
        Assert.Equal(
            ["admin.key", "manifest.json", "shard-0", "shard-0/roster.db", "shard-1", "shard-1/roster.db"],
            files.Select(file => Path.GetRelativePath(two.Beside("backup"), file)).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            foreach (var path in files.Append(two.Beside("backup")))
            {
                Assert.Equal(Directory.Exists(path) ? file | UnixFileMode.UserExecute : file, File.GetUnixFileMode(path));
            }
        }

        Assert.Equal([0, 1], made.Shards.Select(shard => shard.Shard));
        Assert.All(made.Shards, shard => Assert.Equal(new FileInfo(two.Beside($"backup/shard-{shard.Shard}/roster.db")).Length, shard.Database.Bytes));
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        await using var two = await TwoShards.OpenAsync();
        Directory.CreateDirectory(two.Beside("taken"));
        await File.WriteAllTextAsync(two.Beside("taken/letter"), "mine");
        Assert.Equal($"{two.Beside("taken")} exists and is not empty: name a new folder.", Assert.Throws<IOException>(() => two.BackUp("taken")).Message);
        Assert.StartsWith($"{two.Shards[0].Folder} exists and is not empty, and process ", Assert.Throws<IOException>(() => two.BackUp("0")).Message, StringComparison.Ordinal);
        Assert.Equal(["letter"], Directory.GetFileSystemEntries(two.Beside("taken")).Select(Path.GetFileName));
        Directory.CreateDirectory(two.Beside("empty"));
        two.BackUp("empty/");
        Assert.True(File.Exists(two.Beside("empty/manifest.json")));
    }

    [Fact]
    public async Task A_backup_that_is_stopped_leaves_nothing()
    {
        await using var two = await TwoShards.OpenAsync();
        Assert.Throws<OperationCanceledException>(() => two.BackUp("backup", _ => throw new OperationCanceledException()));
        Assert.Equal(["0", "1"], Directory.GetFileSystemEntries(two.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Something_that_came_to_lie_at_the_target_meanwhile_is_left_alone()
    {
        await using var two = await TwoShards.OpenAsync();
        Assert.Throws<IOException>(() => two.BackUp("backup", _ => Directory.CreateDirectory(two.Beside("backup/mine"))));
        Assert.Equal(["0", "1", "backup"], Directory.GetFileSystemEntries(two.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_damaged_store_is_not_backed_up()
    {
        await using var two = await TwoShards.OpenAsync();
        await two.RegisterAsync(two.First);
        using (var database = SqliteDatabase.Open(Path.Combine(two.Shards[0].Folder, "roster.db"), readOnly: false))
        {
            // A table goes from the schema, its page stays: what a lost write leaves.
            database.Execute("PRAGMA writable_schema = ON; CREATE TABLE keep (x); DELETE FROM sqlite_schema WHERE name = 'keep';");
        }

        Assert.Contains("is damaged", Assert.Throws<InvalidDataException>(() => two.BackUp("backup")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(two.Beside("backup")));
    }
}
