using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Every_event_enters_the_outbox_in_commit_order_with_its_tenant()
    {
        var elsewhere = new TenantId("elsewhere");
        var one = Changes.Register("One", "one@example.org");
        var two = Changes.Register("Two", "two@example.org", elsewhere);
        var both = Changes.RenameAndChangeEmail(one.Next!, "One!", "one.two@example.org");
        foreach (var change in new[] { one, two, both })
        {
            await CommitAsync(change);
        }

        var page = await OutboxAsync(null, 10);
        foreach (var shard in Store.Shards)
        {
            Change[] there = [.. new[] { one, two, both }.Where(c => ShardOf(c.User) == shard)];
            var entries = page.Entries.Where(e => ShardOf(e.Event.User) == shard).ToList();
            Assert.Equal(there.SelectMany(c => c.Events), entries.Select(e => e.Event));
            Assert.Equal(there.SelectMany(c => c.Events.Select(_ => c.Next!.Tenant)), entries.Select(e => e.Tenant));
        }

        Assert.False(page.Expired);
    }

    [Fact]
    public async Task A_cursor_goes_on_where_its_page_ended()
    {
        var ada = await RegisterAsync("Ada");
        for (var i = 0; i < 10; i++)
        {
            ada = await CommitAsync(Changes.Rename(ada, $"Ada {i}"));
        }

        List<long> sequences = [];
        IReadOnlyList<OutboxCursor>? cursor = null;
        for (var page = await OutboxAsync(cursor, 3); page.Entries.Count > 0; page = await OutboxAsync(cursor, 3))
        {
            Assert.InRange(page.Entries.Count, 1, 3);
            Assert.Contains(page.Entries[^1].Cursor, page.Next);
            sequences.AddRange(page.Entries.Select(e => e.Event.Sequence));
            cursor = page.Next;
        }

        Assert.Equal(Enumerable.Range(1, 11).Select(i => (long)i), sequences);
        Assert.Equal(cursor, await HeadAsync());
        await CommitAsync(Changes.Rename(ada, "Ada, later"));
        Assert.Equal([12], (await OutboxAsync(cursor, 3)).Entries.Select(e => e.Event.Sequence));
    }

    [Fact]
    [Proves("It must leave out nothing else, and go as far as the whole page.")]
    public async Task A_page_of_changes_leaves_out_sign_ups_at_most_and_goes_as_far_as_the_whole_page()
    {
        for (var i = 0; i < 5; i++)
        {
            var someone = await RegisterAsync($"User {i}");
            await RegisterAsync("Nobody else");
            await CommitAsync(Changes.Rename(someone, "Ada"));
        }

        foreach (var shard in Store.Shards)
        {
            for (OutboxCursor cursor = default, before = new(1, 1); cursor != before;)
            {
                var whole = await Store.OutboxAsync(shard, cursor, 4, Cancel);
                var changes = await Store.OutboxOfChangesAsync(shard, cursor, 4, Cancel);
                Assert.Equal((whole.Next, whole.Covered, whole.Expired, whole.AsOf is null), (changes.Next, changes.Covered, changes.Expired, changes.AsOf is null));
                Assert.Equal(whole.Entries.Where(entry => entry.Event.What is not SignedUp), changes.Entries.Where(entry => entry.Event.What is not SignedUp));
                Assert.All(changes.Entries, entry => Assert.Contains(entry, whole.Entries));
                (before, cursor) = (cursor, whole.Next);
            }
        }
    }

    [Fact]
    public async Task The_head_is_after_the_newest_entry()
    {
        var empty = await HeadAsync();
        var ada = await RegisterAsync("Ada");
        Assert.Equal([1], (await OutboxAsync(empty, 10)).Entries.Select(e => e.Event.Sequence));
        var head = await HeadAsync();
        Assert.Empty((await OutboxAsync(head, 10)).Entries);
        await CommitAsync(Changes.Rename(ada, "Ada L."));
        Assert.Equal([2], (await OutboxAsync(head, 10)).Entries.Select(e => e.Event.Sequence));
    }

    [Fact]
    [Proves("It must never return an entry before one that can still appear earlier, and never one that did not commit.")]
    public async Task A_reader_beside_many_writers_misses_nothing_and_sees_no_ghost()
    {
        const int Writers = 8;
        const int Each = 25;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w, Each))));
        List<OutboxEntry> read = [];
        IReadOnlyList<OutboxCursor>? cursor = null;
        while (true)
        {
            var over = writing.IsCompleted;
            var page = await OutboxAsync(cursor, 7);
            read.AddRange(page.Entries);
            cursor = page.Next;
            Assert.False(page.Expired);
            if (over && page.Entries.Count == 0)
            {
                break;
            }
        }

        var committed = (await writing).SelectMany(c => c).SelectMany(c => c.Events).ToList();
        Assert.All(read.GroupBy(e => ShardOf(e.Event.User)), shard =>
        {
            Assert.Equal(shard.Count(), shard.Select(e => e.Cursor.Position).Distinct().Count());
            Assert.Equal(shard, shard.OrderBy(e => e.Cursor.Position));
        });
        Assert.Equal(committed.Select(e => e.Id).Order(), read.Select(e => e.Event.Id).Order());
        Assert.All(read.GroupBy(e => e.Event.User), stream => Assert.Equal(
            Enumerable.Range(1, stream.Count()).Select(i => (long)i), stream.Select(e => e.Event.Sequence)));
        Assert.Equal(read.Select(e => e.Event.Id).Order(), (await OutboxAsync(null, 1000)).Entries.Select(e => e.Event.Id).Order());
    }

    [Fact]
    public async Task A_cursor_before_dropped_entries_is_told_so()
    {
        var first = await RegisterAsync("First");
        var old = (await OutboxAsync(null, 10)).Next;
        var second = await CommitAsync(Changes.Rename(first, "Second"));
        var read = (await OutboxAsync(old, 10)).Next;
        Changes.Wait(TimeSpan.FromDays(20));
        await CommitAsync(Changes.Rename(second, "Third"));
        await ExpireAllAsync(Changes.Now.AddDays(-10), DateTimeOffset.UnixEpoch, limit: 10);

        var missed = await OutboxAsync(old, 10);
        Assert.True(missed.Expired);
        Assert.Equal([3], missed.Entries.Select(e => e.Event.Sequence));
        Assert.False((await OutboxAsync(read, 10)).Expired);
        Assert.False((await OutboxAsync(missed.Next, 10)).Expired);
    }

    [Fact]
    public async Task The_head_does_not_go_back_when_everything_was_dropped()
    {
        var ada = await RegisterAsync("Ada");
        var head = await HeadAsync();
        await ExpireAllAsync(Changes.Now.AddDays(100), DateTimeOffset.UnixEpoch, limit: 10);
        Assert.Equal(head, await HeadAsync());
        await CommitAsync(Changes.Rename(ada, "Ada L."));
        var page = await OutboxAsync(head, 10);
        Assert.Equal([2], page.Entries.Select(e => e.Event.Sequence));
        Assert.False(page.Expired);
    }

    [Fact]
    public async Task A_cursor_of_another_timeline_starts_from_the_oldest_kept()
    {
        await CommitAsync(Changes.Rename(await RegisterAsync("Ada"), "Ada L."));
        var head = await HeadAsync();
        var page = await OutboxAsync([.. head.Select(c => c with { Timeline = c.Timeline + 1 })], 10);
        Assert.Equal([1, 2], page.Entries.Select(e => e.Event.Sequence));
        Assert.Equal(head, page.Next);
    }

    private ShardId ShardOf(UserId user) => current.ShardOf(user.Bucket);

    private async Task<IReadOnlyList<OutboxCursor>> HeadAsync() =>
        [.. await Task.WhenAll(Store.Shards.Select(shard => Store.OutboxHeadAsync(shard, Cancel).AsTask()))];

    /// <summary>A page of each shard's outbox, one after the other.</summary>
    private async Task<(IReadOnlyList<OutboxEntry> Entries, IReadOnlyList<OutboxCursor> Next, bool Expired)> OutboxAsync(
        IReadOnlyList<OutboxCursor>? after, int limit)
    {
        List<OutboxPage> pages = [];
        for (var i = 0; i < Store.Shards.Count; i++)
        {
            pages.Add(await Store.OutboxAsync(Store.Shards[i], after?[i] ?? default, limit, Cancel));
        }

        return ([.. pages.SelectMany(p => p.Entries)], [.. pages.Select(p => p.Next)], pages.Exists(p => p.Expired));
    }

    /// <summary>Commits for one user, with refused changes in between that must leave no trace.</summary>
    private async Task<List<Change>> WriteAsync(int writer, int count)
    {
        var committed = new List<Change> { Changes.Register($"Writer {writer}", $"writer{writer}@example.org") };
        await CommitAsync(committed[0]);
        for (var i = 1; i < count; i++)
        {
            var change = Changes.Rename(committed[^1].Next!, $"Writer {writer}, {i}");
            await CommitAsync(change);
            await TryAsync(Changes.Rename(committed[^1].Next!, "Refused"));
            committed.Add(change);
        }

        return committed;
    }
}
