using System.Runtime.InteropServices;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Tests.Storage.Sharding;
using Xunit;

namespace Roster.Tests.Events.Feed;

public sealed class EventFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Changes changes = new();
    private readonly MemoryShards shards = new(2);
    private readonly IStore writer;
    private FeedNode node;
    private int signedUp;

    public EventFeedTests() => (writer, node) = (shards.Node(), new FeedNode(shards));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task A_stream_from_now_tells_what_commits_after_it_was_opened_and_nothing_before()
    {
        for (var i = 0; i < 20; i++)
        {
            await SignUpAsync(i % 2);
            await using var stream = await OpenAsync();
            var later = await SignUpAsync(i % 2);
            Assert.Equal([$"{later.Id} 1"], await stream.TakeAsync(1));
        }
    }

    [Fact]
    public async Task Streams_share_the_reading_of_shards_and_the_bytes_of_ids_and_events()
    {
        List<Listening> streams = [];
        for (var i = 0; i < 200; i++)
        {
            streams.Add(await OpenAsync());
            await streams[^1].NextAsync();
        }

        var before = node.Switches.Sum(shard => shard.Reads);
        await SignUpAsync(0);
        await SignUpAsync(1);
        for (var i = 0; i < 2; i++)
        {
            var got = new List<Delivery>();
            foreach (var stream in streams)
            {
                got.Add(await stream.NextEventAsync());
            }

            Assert.Single(got.Select(delivery => ArrayOf(delivery.Id)).Distinct());
            Assert.Single(got.Select(delivery => ArrayOf(delivery.Event)).Distinct());
        }

        Assert.True(node.Switches.Sum(shard => shard.Reads) - before < 2_000, "Each stream reads for itself.");
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_that_reads_too_little_is_ended_after_what_it_has_and_resumes()
    {
        await ReplaceNodeAsync(FeedNode.Quick with { MaxWaiting = 5, MaxRecent = 3 });
        await using var slow = await OpenAsync();
        await slow.NextAsync();
        var all = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            all.Add($"{(await SignUpAsync(i % 2)).Id} 1");
        }

        await slow.EndedAsync(FeedEnd.TooSlow);
        var had = await slow.RestAsync();
        Assert.InRange(had.Count, 1, 6);
        await using var again = await OpenAsync(slow.Last);
        Assert.Equal(all.Order(StringComparer.Ordinal), had.Concat(await again.TakeAsync(20 - had.Count)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_tenants_events_are_never_told()
    {
        await using var stream = await OpenAsync();
        await writer.CommitAsync([changes.Register("Eve", "eve@example.org", new TenantId("elsewhere"))], CancellationToken.None);
        var mine = await SignUpAsync(0);
        Assert.Equal([$"{mine.Id} 1"], await stream.TakeAsync(1));
        await using var again = await OpenAsync(FeedPosition.Oldest);
        Assert.Equal([$"{mine.Id} 1"], await again.TakeAsync(1));
    }

    [Fact]
    public async Task While_a_shard_is_away_the_others_go_on_and_it_is_told_of_later()
    {
        await using var stream = await OpenAsync();
        await SignUpAsync(0);
        await stream.TakeAsync(1);
        node.Switches[1].IsAway = true;
        var missed = await SignUpAsync(1);
        var there = await SignUpAsync(0);
        Assert.Equal([$"{there.Id} 1"], await stream.TakeAsync(1));
        await using var resumed = await OpenAsync(stream.Last);
        var next = await SignUpAsync(0);
        Assert.Equal([$"{next.Id} 1"], await resumed.TakeAsync(1));
        node.Switches[1].IsAway = false;
        Assert.Equal([$"{missed.Id} 1"], await resumed.TakeAsync(1));
        Assert.Equal([$"{next.Id} 1", $"{missed.Id} 1"], await stream.TakeAsync(2));
    }

    [Fact]
    public async Task A_stream_that_missed_events_of_a_shard_that_is_away_hears_the_others()
    {
        await using var stream = await OpenAsync();
        await stream.NextAsync();
        var missed = await SignUpAsync(1);
        await ReplaceNodeAsync(FeedNode.Quick);
        await using var warm = await OpenAsync();
        node.Switches[1].IsAway = true;
        await using var resumed = await OpenAsync(stream.Last);
        var there = await SignUpAsync(0);
        Assert.Equal([$"{there.Id} 1"], await resumed.TakeAsync(1));
        await using var again = await OpenAsync(resumed.Last);
        node.Switches[1].IsAway = false;
        Assert.Equal([$"{missed.Id} 1"], await resumed.TakeAsync(1));
        Assert.Equal([$"{missed.Id} 1"], await again.TakeAsync(1));
    }

    [Fact]
    public async Task A_node_that_never_reached_a_shard_opens_no_stream_from_now()
    {
        await ReplaceNodeAsync(FeedNode.Quick, away: true);
        Assert.Equal(FeedRefusal.PositionUnknown, (await node.OpenAsync()).Refusal);
    }

    [Fact]
    public async Task A_position_whose_events_are_gone_is_refused_and_the_oldest_kept_is_not()
    {
        await using var stream = await OpenAsync();
        await stream.NextAsync();
        await SignUpAsync(0);
        await ReplaceNodeAsync(FeedNode.Quick);
        changes.Wait(TimeSpan.FromDays(1));
        await writer.ExpireAsync(new Expiry(changes.Now, changes.Now, 100), CancellationToken.None);
        var kept = await SignUpAsync(0);
        Assert.Equal(FeedRefusal.Expired, (await node.OpenAsync(stream.Last)).Refusal);
        await using var oldest = await OpenAsync(FeedPosition.Oldest);
        Assert.Equal([$"{kept.Id} 1"], await oldest.TakeAsync(1));
        await using var again = await OpenAsync(oldest.Last);
        Assert.Empty((await again.NextAsync()).Event.ToArray());
    }

    [Fact]
    public async Task A_shard_with_another_history_ends_all_streams()
    {
        await using var stream = await OpenAsync();
        await stream.NextAsync();
        node.Switches[0].Seen = page => page with { Next = page.Next with { Timeline = page.Next.Timeline + 1 } };
        await stream.EndedAsync(FeedEnd.HistoryBroke);
        node.Switches[0].Seen = page => page;
        await using var later = await OpenAsync();
        var user = await SignUpAsync(0);
        Assert.Equal([$"{user.Id} 1"], await later.TakeAsync(1));
    }

    [Fact]
    public async Task A_filtered_stream_is_told_where_it_is()
    {
        var (asked, other) = (await SignUpAsync(0), await SignUpAsync(1));
        await using var all = await OpenAsync();
        await using var filtered = await OpenAsync(filter: new FeedFilter(TenantId.Default, asked.Id));
        await filtered.NextAsync();
        await writer.CommitAsync([changes.Rename(other, "Other")], CancellationToken.None);
        await all.TakeAsync(1);
        using var deadline = new CancellationTokenSource(Patience);
        while (filtered.Last!.On(new ShardId(1)) != all.Last!.On(new ShardId(1)))
        {
            Assert.True((await filtered.NextAsync()).Event.IsEmpty);
            deadline.Token.ThrowIfCancellationRequested();
        }

        await using var resumed = await OpenAsync(filtered.Last, new FeedFilter(TenantId.Default, asked.Id));
        await writer.CommitAsync([changes.Rename(asked, "Asked")], CancellationToken.None);
        Assert.Equal([$"{asked.Id} 2"], await resumed.TakeAsync(1));
    }

    [Fact]
    public async Task A_stream_ends_when_its_listener_may_no_longer_listen()
    {
        var may = true;
        await using var stream = await OpenAsync(mayGoOn: () => Volatile.Read(ref may));
        await stream.NextAsync();
        Volatile.Write(ref may, false);
        await stream.EndedAsync(FeedEnd.NotAllowed);
        Assert.Empty(await stream.RestAsync());
    }

    [Fact]
    public async Task Seats_are_limited_and_given_back_and_a_closed_feed_has_none()
    {
        await ReplaceNodeAsync(FeedNode.Quick with { MaxStreams = 3, MaxStreamsPerCaller = 2 });
        var first = await OpenAsync();
        await using var second = await OpenAsync();
        Assert.Equal(FeedRefusal.CallerIsFull, (await node.OpenAsync()).Refusal);
        await first.DisposeAsync();
        await using var third = await OpenAsync();
        node.Feed.Close();
        await third.EndedAsync(FeedEnd.Draining);
        Assert.Equal(FeedRefusal.Draining, (await node.OpenAsync()).Refusal);
    }

    [Fact]
    public async Task A_stream_that_resumes_while_a_node_reads_only_changes_is_told_of_the_sign_ups_too()
    {
        await ReplaceNodeAsync(FeedNode.Quick, keepsRows: true);
        for (var i = 0; i < 20; i++)
        {
            FeedPosition? had;
            await using (var earlier = await OpenAsync())
            {
                await earlier.NextAsync();
                had = earlier.Last;
            }

            Task<Listening>? resuming = null;
            var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            node.Switches[i % 2].Seen = page =>
            {
                if (resuming is null && page.Covered > page.Entries.Count)
                {
                    resuming = OpenAsync(had);
                    read.SetResult();
                }

                return page;
            };
            var user = await SignUpAsync(i % 2);
            await read.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            await using var stream = await resuming!;
            Assert.Equal([$"{user.Id} 1"], await stream.TakeAsync(1));
        }
    }

    private async Task<User> SignUpAsync(int shard)
    {
        while (true)
        {
            var change = changes.Register("Ada", $"ada{++signedUp}@example.org");
            if (shards.Map.Owners[change.User.Bucket.Value].Value == shard)
            {
                await writer.CommitAsync([change], CancellationToken.None);
                return change.Next!;
            }
        }
    }

    private async Task ReplaceNodeAsync(FeedOptions options, bool away = false, bool keepsRows = false)
    {
        await node.DisposeAsync();
        node = new FeedNode(shards, options, away, keepsRows);
    }

    private async Task<Listening> OpenAsync(FeedPosition? after = null, FeedFilter? filter = null, Func<bool>? mayGoOn = null)
    {
        var opening = await node.OpenAsync(after, filter, mayGoOn);
        Assert.Equal(FeedRefusal.None, opening.Refusal);
        return new Listening(opening.Stream!);
    }

    private static byte[] ArrayOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) ? segment.Array! : throw new InvalidOperationException("No array.");
}
