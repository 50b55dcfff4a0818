using System.Text.Json;
using Roster.Cli.Shards;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;
using Roster.Storage.Sqlite;
using Roster.Tests.Api;
using Roster.Tests.Storage.Sqlite.Backups;
using Roster.Cli.Storage;
using Xunit;

namespace Roster.Tests.Cli.Shards;

[Collection(nameof(StandardStreams))]
public sealed class ShardsVerbTests
{
    [Fact]
    public async Task The_list_shows_who_owns_which_buckets()
    {
        await using var server = await RunningServer.StartAsync();
        var (code, output, _) = await StandardStreams.RunAsync("shards", "list", "--data", server.Folder);
        Assert.Equal(0, code);
        Assert.Equal(
            ["Shard map, epoch 1:", $"shard 0: 4096 buckets (0-4095), {server.Folder}"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        using var json = JsonDocument.Parse((await StandardStreams.RunAsync("shards", "list", "--json", "--data", server.Folder)).Output);
        Assert.Equal("0-4095", json.RootElement.GetProperty("shards")[0].GetProperty("ranges")[0].GetString());
    }

    [Fact]
    public async Task The_status_shows_what_is_in_a_shard_that_is_being_served()
    {
        await using var server = await RunningServer.StartAsync();
        (await server.Admin.PostAsync("/users", """{ "name": "Ada", "email": "ada@example.com" }""")).Is(201);
        var (code, output, _) = await StandardStreams.RunAsync("shards", "status", "--data", server.Folder);
        Assert.Equal(0, code);
        Assert.StartsWith(
            $"shard 0, {server.Folder}: ok\n  served by process {Environment.ProcessId}, schema 3\n  1 user, about 1 event\n  outbox entries: 1, the oldest ",
            output,
            StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await StandardStreams.RunAsync("shards", "status", "--json", "--data", server.Folder)).Output);
        var content = json.RootElement[0].GetProperty("content");
        Assert.Equal((1, true), (content.GetProperty("users").GetInt64(), content.GetProperty("usersAreCounted").GetBoolean()));
        Assert.InRange(content.GetProperty("oldestOutboxSeconds").GetDouble(), 0, 3600);
    }

    [Fact]
    public async Task A_shard_that_cannot_be_read_is_told_with_exit_code_1()
    {
        var (code, output, _) = await StandardStreams.RunAsync("shards", "status", "--data", "nowhere");
        Assert.Equal((1, "shard 0, nowhere: There is no store in nowhere."), (code, output.TrimEnd()));
        var list = await StandardStreams.RunAsync("shards", "list", "--data", "nowhere");
        Assert.Equal((1, "The shard map cannot be read: There is no store in nowhere."), (list.Code, list.Errors.TrimEnd()));
    }

    [Fact]
    public async Task A_stored_map_over_two_shards_is_shown_with_a_third_that_no_setting_names()
    {
        await using var two = await TwoShards.OpenAsync();
        var owners = Enumerable.Range(0, BucketId.Count).Select(bucket => new ShardId(bucket < 10 ? 0 : bucket == 10 ? 7 : bucket % 2)).ToList();
        Assert.True(await two.First.Control.ReplaceShardMapAsync(new ShardMap(1, owners), CancellationToken.None));
        using var shards = new EmbeddedShards([.. two.Shards.Reverse()], two.Shards[0].Folder).Inspect();
        var list = ShardList.Of(shards);
        Assert.Equal(1, list.Epoch);
        Assert.Equal([0, 1, 7], list.Shards.Select(shard => shard.Shard));
        Assert.Equal(("0-9", "12"), (list.Shards[0].Ranges[0], list.Shards[0].Ranges[1]));
        Assert.Equal((BucketId.Count, null), (list.Shards.Sum(shard => shard.Buckets), list.Shards[2].Folder));
        using var text = new StringWriter();
        list.Show(text);
        Assert.Contains("shard 7: 1 buckets (10), which no setting names", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_users_are_estimated_from_some_buckets()
    {
        await using var two = await TwoShards.OpenAsync();
        using (var database = SqliteDatabase.Open(Path.Combine(two.Shards[0].Folder, "roster.db"), readOnly: false))
        {
            database.Execute("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
                INSERT INTO claims (bucket, tenant, email_key, user_id)
                SELECT 2 * (i * 7919 % 2048), 'default', 'user' || i, randomblob(16) FROM n
                """);
        }

        using var shards = new EmbeddedShards(two.Shards, two.Shards[0].Folder).Inspect();
        var evenBuckets = Enumerable.Range(0, BucketId.Count / 2).Select(i => new BucketId(2 * i)).ToList();
        var (count, isExact) = shards.Control.Inside!.Users(evenBuckets);
        Assert.False(isExact);
        Assert.InRange(count, 145_000, 155_000);
        Assert.Equal(new Amount(0, true), shards.All[1].Inside!.Users(evenBuckets));
    }
}
