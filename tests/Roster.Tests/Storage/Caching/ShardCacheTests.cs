using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Storage.Caching;

/// <summary>Two nodes over one store, the other node's commits past this node's cache; what the outbox says is told by hand.</summary>
public sealed class ShardCacheTests : IAsyncDisposable
{
    private readonly Changes changes = new();
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
    private readonly PausedReads behind = new(new MemoryStore(SuiteEncoders.All));
    private readonly ShardCache cache;
    private readonly CachingStore node;
    private OutboxCursor heard;
    private int people;

    public ShardCacheTests()
    {
        cache = new ShardCache(ShardId.Control, new CacheOptions { Remembered = 8 }, time);
        node = new CachingStore(behind, cache, SuiteEncoders.All);
    }

    [Fact]
    public async Task Nothing_is_served_before_the_outbox_was_heard()
    {
        var ada = await SignUpAsync();
        await node.UserAsync(ada.Id, ConsistencyToken.None, default);
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
        await HearAsync();
        await node.UserAsync(ada.Id, ConsistencyToken.None, default);
        Assert.True(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task A_token_is_served_only_by_what_was_heard_that_far()
    {
        await HearAsync();
        var ada = await CachedAsync();
        var token = (await behind.CommitAsync(changes.Rename(ada, "Ada II"), default)).AsOf;
        Assert.True(node.TryUser(ada.Id, ConsistencyToken.None, out var stale));
        Assert.Equal(1, stale.State.Version);
        Assert.False(node.TryUser(ada.Id, token, out _));
        Assert.Equal(2, (await node.UserAsync(ada.Id, token, default))!.State.Version);
    }

    [Fact]
    public async Task Another_users_row_serves_a_token_once_the_outbox_was_heard_that_far()
    {
        await HearAsync();
        var ada = await CachedAsync();
        var token = (await behind.CommitAsync(changes.Register("Bob", "bob@example.com"), default)).AsOf;
        Assert.False(node.TryUser(ada.Id, token, out _));
        await HearAsync();
        Assert.True(node.TryUser(ada.Id, token, out var read));
        Assert.True(read.AsOf.Value >= token.Positions[0].Value);
    }

    [Fact]
    public async Task A_token_of_another_timeline_is_not_served_from_memory()
    {
        await HearAsync();
        var ada = await CachedAsync();
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.Of(new Position(ShardId.Control, 2, 1)), out _));
    }

    [Fact]
    public async Task Reads_that_a_change_is_decided_on_go_to_the_store()
    {
        await HearAsync();
        var ada = await CachedAsync();
        await behind.CommitAsync(changes.Rename(ada, "Ada II"), default);
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.Latest, out _));
        Assert.Equal(2, (await node.UserAsync(ada.Id, ConsistencyToken.Latest, default))!.State.Version);
    }

    [Fact]
    public async Task What_the_outbox_tells_of_is_gone_from_memory()
    {
        await HearAsync();
        var ada = await CachedAsync();
        await behind.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await HearAsync();
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task Memory_is_not_used_when_the_outbox_was_not_heard_within_the_bound()
    {
        await HearAsync();
        var ada = await CachedAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(node.TryUser(ada.Id, ConsistencyToken.None, out _));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task A_row_grows_no_older_than_the_cap()
    {
        await HearAsync();
        var ada = await CachedAsync();
        time.Advance(TimeSpan.FromSeconds(61));
        await HearAsync();
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task A_reader_that_is_slower_than_the_change_puts_nothing_old_back()
    {
        await HearAsync();
        var ada = await SignUpAsync();
        await HearAsync();
        var slow = await behind.PauseAsync(() => node.UserAsync(ada.Id, ConsistencyToken.None, default));
        await behind.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await HearAsync();
        Assert.Equal(1, (await behind.GoOnAsync(slow))!.State.Version);
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task Not_even_when_the_change_has_been_forgotten_meanwhile()
    {
        await HearAsync();
        var ada = await SignUpAsync();
        await HearAsync();
        var slow = await behind.PauseAsync(() => node.UserAsync(ada.Id, ConsistencyToken.None, default));
        await behind.CommitAsync(changes.Rename(ada, "Ada II"), default);
        await ManyChangesAsync();
        await behind.GoOnAsync(slow);
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task A_change_of_this_node_is_seen_at_once_and_no_reader_before_it_undoes_that()
    {
        await HearAsync();
        var ada = await SignUpAsync();
        await HearAsync();
        var slow = await behind.PauseAsync(() => node.UserAsync(ada.Id, ConsistencyToken.None, default));
        await node.CommitAsync(changes.Rename(ada, "Ada II"), default);
        var joined = node.UserAsync(ada.Id, ConsistencyToken.None, default).AsTask();
        Assert.Equal(2, (await joined)!.State.Version);
        await behind.GoOnAsync(slow);
        Assert.True(!node.TryUser(ada.Id, ConsistencyToken.None, out var read) || read.State.Version == 2);
    }

    [Fact]
    public async Task Many_who_miss_one_row_make_one_read()
    {
        await HearAsync();
        var ada = await SignUpAsync();
        var first = await behind.PauseAsync(() => node.UserAsync(ada.Id, ConsistencyToken.None, default));
        var others = Enumerable.Range(0, 10).Select(_ => node.UserAsync(ada.Id, ConsistencyToken.None, default).AsTask()).ToList();
        await behind.GoOnAsync(first);
        Assert.All(await Task.WhenAll(others), read => Assert.Equal(ada.Id, read!.State.Id));
        Assert.Equal(1, behind.Reads);
    }

    [Fact]
    public async Task A_deleted_authors_post_is_not_served_however_much_is_forgotten_afterwards()
    {
        await HearAsync();
        var ada = await SignUpAsync();
        var published = changes.Publish(ada, "Hello");
        await behind.CommitAsync(published, default);
        await HearAsync();
        var post = published.Posts[0].Id;
        await node.PostAsync(post, ConsistencyToken.None, default);
        Assert.True(node.TryPost(post, ConsistencyToken.None, out _));
        await behind.CommitAsync(changes.Delete(published.Next!), default);
        await HearAsync();
        Assert.False(node.TryPost(post, ConsistencyToken.None, out _));
        await ManyChangesAsync();
        Assert.False(node.TryPost(post, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task Another_timeline_empties_it()
    {
        await HearAsync();
        var ada = await CachedAsync();
        cache.Hear(new OutboxPage([], heard, Expired: false) { AsOf = new Position(ShardId.Control, 2, 1_000) }, time.GetTimestamp());
        Assert.False(node.TryUser(ada.Id, ConsistencyToken.None, out _));
    }

    [Fact]
    public async Task Its_bytes_are_bounded_and_what_is_asked_for_stays()
    {
        var small = new ShardCache(ShardId.Control, new CacheOptions { MaxBytes = 20_000 }, time);
        var store = new CachingStore(behind, small, SuiteEncoders.All);
        small.Hear(await behind.OutboxAsync(ShardId.Control, default, 500, default), time.GetTimestamp());
        var ada = await SignUpAsync();
        await store.UserAsync(ada.Id, ConsistencyToken.None, default);
        for (var i = 0; i < 200; i++)
        {
            var other = await SignUpAsync();
            await store.UserAsync(other.Id, ConsistencyToken.None, default);
            Assert.True(store.TryUser(ada.Id, ConsistencyToken.None, out _));
            Assert.InRange(small.Size.Bytes, 1, 20_000);
        }

        Assert.InRange(small.Size.Evicted, 150, 200);
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private async Task<User> SignUpAsync()
    {
        var change = changes.Register("Somebody", $"somebody{++people}@example.com");
        await behind.CommitAsync(change, default);
        return change.Next!;
    }

    private async Task<User> CachedAsync()
    {
        var user = await SignUpAsync();
        await HearAsync();
        await node.UserAsync(user.Id, ConsistencyToken.None, default);
        Assert.True(node.TryUser(user.Id, ConsistencyToken.None, out _));
        return user;
    }

    /// <summary>More changes of other rows than are remembered.</summary>
    private async Task ManyChangesAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            var other = await SignUpAsync();
            await behind.CommitAsync(changes.Rename(other, "Somebody else"), default);
            await HearAsync();
        }
    }

    private async Task HearAsync()
    {
        var asked = time.GetTimestamp();
        var page = await behind.OutboxAsync(ShardId.Control, heard, 500, default);
        cache.Hear(page, asked);
        heard = page.Next;
    }
}
