using System.Diagnostics;
using System.Security.Cryptography;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Lab;
using Roster.Redis.Caching;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Redis.Caching;

/// <summary>Nodes over one store that share rows by a real Redis; each hears the outbox when the test says so.</summary>
public sealed class SharedStoreTests(RedisLab lab) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Changes changes = new();
    private readonly MemoryStore database = new(SuiteEncoders.All);
    private readonly SharedCacheOptions options = new() { Namespace = RandomNumberGenerator.GetHexString(16, lowercase: true), Remembered = 8, Patience = TimeSpan.Zero };
    private readonly List<SharedNode> nodes = [];
    private RedisServer redis = null!;
    private int people;

    public async ValueTask InitializeAsync() => redis = await lab.ServerAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_one_node_has_read_another_finds_in_Redis_whole()
    {
        var (one, other) = (await NodeAsync(), await NodeAsync());
        var ada = await SharedAsync(one);
        var read = await other.Store.UserAsync(ada.Id, ConsistencyToken.None, default);
        Assert.Equal(0, other.Behind.Reads);
        Assert.Equal(ada, read!.State);
        Assert.Equal(SuiteEncoders.All.User(ada).ToArray(), read.Body.ToArray());
    }

    [Fact]
    public async Task A_node_that_has_just_started_finds_what_was_there_before_it()
    {
        var one = await NodeAsync();
        var ada = await SharedAsync(one);
        await ManyChangesAsync(one);
        var fresh = await NodeAsync();
        Assert.Equal(ada.Id, (await fresh.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Id);
        Assert.Equal(0, fresh.Behind.Reads);
    }

    [Fact]
    public async Task A_token_is_not_served_by_an_entry_that_is_older()
    {
        var (one, other) = (await NodeAsync(), await NodeAsync());
        var ada = await SharedAsync(one);
        var token = (await database.CommitAsync(changes.Rename(ada, "Ada II"), default)).AsOf;
        Assert.Equal(1, (await other.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
        Assert.Equal(2, (await other.Store.UserAsync(ada.Id, token, default))!.State.Version);
    }

    [Fact]
    public async Task Reads_that_a_change_is_decided_on_go_to_the_store()
    {
        var one = await NodeAsync();
        var ada = await SharedAsync(one);
        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        Assert.Equal(2, (await one.Store.UserAsync(ada.Id, ConsistencyToken.Latest, default))!.State.Version);
    }

    [Fact]
    public async Task A_node_that_dies_between_commit_and_invalidation_leaves_nothing_old()
    {
        var (one, other) = (await NodeAsync(), await NodeAsync());
        var ada = await SharedAsync(one);
        await one.Store.CommitAsync([changes.Rename(ada, "Ada II")], default);
        await EndAsync(one);
        await other.HearAsync();
        Assert.Equal(2, (await other.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
        Assert.Equal(2, (await (await NodeAsync()).Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
    }

    [Fact]
    public async Task A_change_that_no_living_node_has_told_of_makes_all_begin_anew()
    {
        var one = await NodeAsync();
        var ada = await SharedAsync(one);
        await EndAsync(one);
        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);

        // It heard nothing of the change: only the gap before its start says that there may have been one.
        var fresh = await NodeAsync();
        await fresh.HearAsync();
        Assert.Equal(2, (await fresh.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
    }

    [Fact]
    public async Task A_message_makes_others_drop_a_row_before_they_hear_of_it_and_a_lost_one_costs_nothing_but_time()
    {
        var memory = new Roster.Core.Storage.Caching.CacheOptions();
        var (one, other) = (await NodeAsync(), await NodeAsync(memory));
        var ada = await SharedAsync(one);
        await other.Store.UserAsync(ada.Id, ConsistencyToken.None, default);
        Assert.True(other.Store.TryUser(ada.Id, ConsistencyToken.None, out _));
        await UntilAsync(async () => await SubscribersAsync() >= 2);
        await one.Store.CommitAsync([changes.Rename(ada, "Ada II")], default);
        await UntilAsync(() => Task.FromResult(!other.Store.TryUser(ada.Id, ConsistencyToken.None, out _)));

        // Past its own commit nobody sends one.
        var bob = await SharedAsync(one);
        await other.Store.UserAsync(bob.Id, ConsistencyToken.None, default);
        await database.CommitAsync([changes.Rename(bob, "Bob II")], default);
        Assert.True(other.Store.TryUser(bob.Id, ConsistencyToken.None, out _));
        await other.HearAsync();
        Assert.Equal(2, (await other.Store.UserAsync(bob.Id, ConsistencyToken.None, default))!.State.Version);
    }

    [Fact]
    public async Task A_filler_that_was_paused_across_an_eviction_puts_nothing_old_back()
    {
        var (one, slow) = (await NodeAsync(), await NodeAsync());
        var ada = await SharedAsync(one);
        await EvictAsync(ada.Id);
        var reading = await slow.Behind.PauseAsync(() => slow.Store.UserAsync(ada.Id, ConsistencyToken.None, default));
        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await one.HearAsync();
        await one.Store.UserAsync(ada.Id, ConsistencyToken.None, default);
        await UntilAsync(() => IsSharedAsync(ada.Id));
        await EvictAsync(ada.Id);
        await slow.Behind.GoOnAsync(reading);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        // A node that has just started has heard of no change: it depends on what Redis lets in.
        var fresh = await NodeAsync();
        Assert.Equal(2, (await fresh.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
    }

    [Fact]
    public async Task Not_even_when_the_change_has_been_forgotten_meanwhile()
    {
        var (one, slow) = (await NodeAsync(), await NodeAsync());
        var ada = await SharedAsync(one);
        await EvictAsync(ada.Id);
        var reading = await slow.Behind.PauseAsync(() => slow.Store.UserAsync(ada.Id, ConsistencyToken.None, default));
        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await ManyChangesAsync(one);
        await slow.Behind.GoOnAsync(reading);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(await IsSharedAsync(ada.Id));
    }

    [Fact]
    public async Task A_replica_that_lags_fills_what_has_not_changed_and_nothing_that_has()
    {
        var one = await NodeAsync();
        var (ada, bob) = (await SignUpAsync(), await SignUpAsync());
        var (before, stale) = (await ReadAsync(ada), await ReadAsync(bob));
        await database.CommitAsync(changes.Rename(bob, "Bob II"), default);
        await one.HearAsync();
        Assert.Equal(1, await one.Users.PutAsync(before.AsOf.Timeline, [before, stale]));
        Assert.True(await IsSharedAsync(ada.Id));
        Assert.False(await IsSharedAsync(bob.Id));
    }

    [Fact]
    public async Task Markers_that_Redis_has_evicted_let_nothing_old_in()
    {
        var one = await NodeAsync();
        var bob = await SignUpAsync();
        var stale = await ReadAsync(bob);
        await database.CommitAsync(changes.Rename(bob, "Bob II"), default);
        await one.HearAsync();
        await KeysAsync("m0");
        await KeysAsync("m1");
        Assert.Equal(0, await one.Users.PutAsync(stale.AsOf.Timeline, [stale]));
        await SignUpAsync();
        await one.HearAsync();
        Assert.Equal(0, await one.Users.PutAsync(stale.AsOf.Timeline, [stale]));
    }

    [Fact]
    public async Task An_older_version_never_overwrites_a_newer()
    {
        var one = await NodeAsync();
        var ada = await SignUpAsync();
        var old = await ReadAsync(ada);
        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        var now = await ReadAsync(ada);
        Assert.Equal(1, await one.Users.PutAsync(now.AsOf.Timeline, [now]));
        Assert.Equal(0, await one.Users.PutAsync(old.AsOf.Timeline, [old]));
        Assert.Equal(2, (await one.Users.GetAsync([ada.Id]))![0]!.State.Version);
    }

    [Fact]
    public async Task A_flush_loses_nothing_but_speed()
    {
        var one = await NodeAsync();
        var ada = await SharedAsync(one);
        foreach (var name in (string[])["head", "m0", "m1", ada.Id.Value.ToString("N")])
        {
            await KeysAsync(name);
        }

        await database.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await one.HearAsync();
        Assert.Equal(2, (await one.Store.UserAsync(ada.Id, ConsistencyToken.None, default))!.State.Version);
        await UntilAsync(() => IsSharedAsync(ada.Id));
    }

    [Fact]
    public async Task Clusters_that_share_a_Redis_do_not_meet()
    {
        var one = await NodeAsync();
        var ada = await SharedAsync(one);
        var stranger = new SharedUsers(ShardId.Control, one.Calls, options with { Namespace = "another" });
        Assert.Null((await stranger.GetAsync([ada.Id]))![0]);
    }

    private async Task<SharedNode> NodeAsync(Roster.Core.Storage.Caching.CacheOptions? memory = null)
    {
        nodes.Add(await SharedNode.StartAsync(database, redis, options, TimeProvider.System, memory));
        return nodes[^1];
    }

    private async Task EndAsync(SharedNode node)
    {
        nodes.Remove(node);
        await node.DisposeAsync();
    }

    private async Task<User> SignUpAsync()
    {
        var change = changes.Register("Somebody", $"somebody{++people}@example.com");
        await database.CommitAsync(change, default);
        return change.Next!;
    }

    private async Task<Read<User>> ReadAsync(User user) => (await database.UserAsync(user.Id, ConsistencyToken.None, default))!;

    /// <summary>Somebody whom a node has put into Redis.</summary>
    private async Task<User> SharedAsync(SharedNode node)
    {
        var user = await SignUpAsync();
        await node.HearAsync();
        await node.Store.UserAsync(user.Id, ConsistencyToken.None, default);
        await UntilAsync(() => IsSharedAsync(user.Id));
        return user;
    }

    private async Task<bool> IsSharedAsync(UserId id) => (await nodes[^1].Users.GetAsync([id]))![0] is not null;

    private Task EvictAsync(UserId id) => KeysAsync(id.Value.ToString("N"));

    private async Task KeysAsync(string name) =>
        await nodes[^1].Calls.Connection.Database!.KeyDeleteAsync($"roster:1:{{{options.Namespace}:0}}:{name}");

    private async Task<long> SubscribersAsync() => (long)(await nodes[^1].Calls.Connection.Database!.ExecuteAsync(
        "PUBSUB", "NUMSUB", $"roster:1:{{{options.Namespace}:0}}:changed"))[1];

    /// <summary>More changes of other rows than Redis remembers.</summary>
    private async Task ManyChangesAsync(SharedNode node)
    {
        for (var i = 0; i < 40; i++)
        {
            await database.CommitAsync(changes.Rename(await SignUpAsync(), "Somebody else"), default);
            await node.HearAsync();
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var start = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(5, TestContext.Current.CancellationToken))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
        }
    }
}
