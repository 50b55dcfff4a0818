using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Cli.Storage;

/// <summary>Which folders may be opened as whose shards: a disk that is not there must not look like a new store.</summary>
public sealed class OpenedStorageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_first_start_deals_out_the_buckets_in_equal_ranges_and_later_ones_keep_them()
    {
        ShardMap first;
        await using (var opened = await OpenAsync(3))
        {
            first = opened.Map;
            Assert.Equal([1366, 1365, 1365], first.Owners.CountBy(owner => owner).Select(count => count.Value));
            Assert.Equal(first.Owners.OrderBy(owner => owner.Value), first.Owners);
        }

        await using var again = await OpenAsync(4);
        Assert.Equal(first.Owners, again.Map.Owners);
    }

    [Fact]
    public async Task A_shard_that_holds_users_cannot_be_left_out()
    {
        await (await OpenAsync(3)).DisposeAsync();
        Assert.Equal(
            "Shard 2 holds users, but the settings do not name it: add Roster:Shards:2.", await RefusalAsync(2));
    }

    [Fact]
    public async Task A_shard_whose_database_is_gone_is_not_made_anew()
    {
        await (await OpenAsync(3)).DisposeAsync();
        Directory.Delete(Shard(1), recursive: true);
        Assert.Equal(
            $"Shard 1 holds users, but {Shard(1)} has no database: is its disk there? Else restore a backup.", await RefusalAsync(3));
        Assert.False(Directory.Exists(Shard(1)));
    }

    [Fact]
    public async Task A_new_control_shard_beside_shards_with_users_is_refused()
    {
        await using (var opened = await OpenAsync(2))
        {
            for (var i = 0; i < 20; i++)
            {
                await SignUpAsync(opened, $"user{i}@example.org");
            }
        }

        Directory.Delete(Shard(0), recursive: true);
        Assert.Equal(
            "Shard 1 holds users, but shard 0 is new and knows nothing of them: is its disk there?", await RefusalAsync(2));
    }

    [Fact]
    public async Task Users_from_before_there_was_a_map_stay_where_they_are()
    {
        await using (var opened = await OpenAsync(1))
        {
            await SignUpAsync(opened, "ada@example.org");
        }

        using (var database = SqliteDatabase.Open(Path.Combine(Shard(0), "roster.db"), readOnly: false))
        {
            database.Execute("DELETE FROM shard_map");
        }

        await using var more = await OpenAsync(2);
        Assert.Equal([ShardId.Control], more.Map.Owners.Distinct());
    }

    private static async Task SignUpAsync(OpenedStorage storage, string email)
    {
        var ids = new IdFactory(TimeProvider.System);
        var register = new RegisterUser(
            new WriteLoop(storage.Store), storage.Placement, ids, new EventRecorder(ids, TimeProvider.System), new UserReplay(storage.Store));
        Assert.IsType<WriteResult<User>.Done>(await register.HandleAsync(new("Ada", email, null), Caller.System, null, Cancel));
    }

    private async Task<string> RefusalAsync(int shards) =>
        (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(shards))).Message;

    private Task<OpenedStorage> OpenAsync(int shards)
    {
        var paths = Enumerable.Range(0, shards).Select(i => KeyValuePair.Create($"Roster:Shards:{i}:Path", (string?)Shard(i)));
        var settings = RosterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(paths).Build(), null, null);
        return OpenedStorage.OpenAsync(settings, Cancel);
    }

    private string Shard(int number) => Path.Combine(folder.FullName, $"shard{number}");
}
