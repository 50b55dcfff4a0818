using System.Text.Json.Nodes;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Backups;
using Xunit;

namespace Roster.Tests.Storage.Sqlite.Backups;

public sealed class RestoreBackupTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Theory]
    [InlineData("0", "1")]
    [InlineData(".", "1")]
    public async Task Every_shard_comes_back_wherever_it_is_wanted(string first, string second)
    {
        await using var two = await TwoShards.OpenAsync();
        var (ada, bob) = (await two.RegisterAsync(two.First), await two.RegisterAsync(two.Second));
        two.BackUp("backup");
        await two.RegisterAsync(two.First);
        ShardFolder[] targets = [new(new ShardId(0), two.Beside($"new/{first}")), new(new ShardId(1), two.Beside($"new/{second}"))];
        new RestoreBackup(targets, targets[0].Folder).Handle(two.Beside("backup"), Cancel);
        Assert.Equal("a key", await File.ReadAllTextAsync(two.Beside($"new/{first}/admin.key")));
        await using var restoredFirst = await TwoShards.OpenAsync(targets[0].Shard, targets[0].Folder);
        await using var restoredSecond = await TwoShards.OpenAsync(targets[1].Shard, targets[1].Folder);
        Assert.Equal(ada.Name, Assert.Single(await restoredFirst.UsersAsync([ada.Id], ConsistencyToken.None, Cancel))!.State.Name);
        Assert.Equal(bob.Name, Assert.Single(await restoredSecond.UsersAsync([bob.Id], ConsistencyToken.None, Cancel))!.State.Name);
        Assert.Single((await restoredFirst.OutboxAsync(new ShardId(0), default, 10, Cancel)).Entries);
    }

    [Fact]
    public async Task A_restored_store_is_another_life()
    {
        await using var two = await TwoShards.OpenAsync();
        await two.RegisterAsync(two.First);
        var lease = await two.First.Control.AcquireLeaseAsync("relay", "a", DateTimeOffset.UnixEpoch, TimeSpan.FromDays(40_000), Cancel);
        two.BackUp("backup");
        new RestoreBackup(two.In("new"), two.In("new")[0].Folder).Handle(two.Beside("backup"), Cancel);
        await using var restored = await TwoShards.OpenAsync(new ShardId(0), two.In("new")[0].Folder);

        // Both go on from here: the same position means different things in each.
        var (old, other) = (await two.RegisterAsync(two.First), await two.RegisterAsync(restored));
        var cursor = await two.First.OutboxHeadAsync(new ShardId(0), Cancel);
        var page = await restored.OutboxAsync(new ShardId(0), cursor, 10, Cancel);
        Assert.Equal(2, page.Entries.Count);
        Assert.Equal(other.Id, page.Entries[1].Event.User);
        Assert.NotEqual(old.Id, other.Id);
        Assert.NotEqual(cursor.Timeline, page.Next.Timeline);
        var taken = await restored.Control.AcquireLeaseAsync("relay", "b", DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), Cancel);
        Assert.True(taken!.Fence > lease!.Fence);
    }

    [Fact]
    public async Task Two_restored_stores_of_one_backup_are_two_lives()
    {
        await using var two = await TwoShards.OpenAsync();
        two.BackUp("backup");
        HashSet<long> timelines = [];
        foreach (var name in new[] { "a", "b" })
        {
            new RestoreBackup(two.In(name), two.In(name)[0].Folder).Handle(two.Beside("backup"), Cancel);
            using var cut = ConsistentCut.Take(two.In(name), Cancel);
            timelines.UnionWith(cut.Snapshots.Select(snapshot => snapshot.Life.Timeline));
        }

        Assert.Equal(4, timelines.Count);
    }

    [Theory]
    [InlineData("shard-0/roster.db")]
    [InlineData("shard-1/roster.db")]
    [InlineData("admin.key")]
    public async Task A_changed_file_is_refused_and_nothing_is_left(string name)
    {
        await using var two = await TwoShards.OpenAsync();
        two.BackUp("backup");
        var file = two.Beside($"backup/{name}");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Assert.Equal($"{file} is not the file that the backup wrote: restore another backup.", Refusal(two));
        File.Delete(file);
        Assert.Equal($"{file} is not the file that the backup wrote: restore another backup.", Refusal(two));
    }

    [Fact]
    public async Task A_manifest_that_is_none_is_refused()
    {
        await using var two = await TwoShards.OpenAsync();
        two.BackUp("backup");
        var path = two.Beside("backup/manifest.json");
        var good = await File.ReadAllTextAsync(path);
        foreach (var bad in new[] { "", "{}", "null", "[]", good[..(good.Length / 2)], good.Replace("\"shard\": 0", "\"shard\": \"0\"", StringComparison.Ordinal) })
        {
            await File.WriteAllTextAsync(path, bad);
            Assert.Equal($"{path} is damaged: restore another backup.", Refusal(two));
        }

        await File.WriteAllTextAsync(path, Changed(good, manifest => manifest["format"] = 2));
        Assert.EndsWith("has format 2, but this program knows only 1: restore it with the program that wrote it (test).", Refusal(two), StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, Changed(good, manifest => manifest["shards"]![1]!["schema"] = 9999));
        Assert.Contains("has schema 9999", Refusal(two), StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, Changed(good, manifest => manifest["shards"]!.AsArray().RemoveAt(1)));
        Assert.Contains("holds shards 0, but the settings name 0, 1:", Refusal(two), StringComparison.Ordinal);
        File.Delete(path);
        Assert.EndsWith("is no whole backup: it has no manifest.json.", Refusal(two), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_in_use_is_left_alone()
    {
        await using var two = await TwoShards.OpenAsync();
        two.BackUp("backup");
        var refused = Assert.Throws<IOException>(() => new RestoreBackup([two.In("new")[0], two.Shards[1]], two.In("new")[0].Folder).Handle(two.Beside("backup"), Cancel));
        Assert.Equal($"{two.Shards[1].Folder} exists and is not empty, and process {Environment.ProcessId} holds it: name a new folder.", refused.Message);
        Assert.Empty(Directory.GetFileSystemEntries(two.Beside("new")));
    }

    private static string Changed(string json, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return node.ToJsonString();
    }

    private static string Refusal(TwoShards two)
    {
        var refused = Assert.Throws<InvalidDataException>(() => new RestoreBackup(two.In("new"), two.In("new")[0].Folder).Handle(two.Beside("backup"), Cancel));
        Assert.True(!Directory.Exists(two.Beside("new")) || Directory.GetFileSystemEntries(two.Beside("new")).Length == 0);
        return refused.Message;
    }
}
