using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Roster.Storage.Sqlite;
using Roster.Tests.Events.Outboxes;
using Roster.Tests.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Events.Publishing;

/// <summary>The relay over the embedded engine: what commits is published, once it has, in order.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private readonly SqliteFolder folder = new();
    private readonly Topic topic = new();
    private SqliteStore store = null!;
    private WrittenUsers written = null!;

    public async ValueTask InitializeAsync()
    {
        store = await folder.OpenAsync();
        written = new WrittenUsers(store);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Delete();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Everything_that_committed_arrives_in_order_and_nothing_else()
    {
        await written.SignUpAsync(120);
        await using var node = Relaying("a");
        await written.FailAsync();
        await written.RenameAllAsync();
        await written.RenameAllAsync();
        await ArrivedAsync();
        topic.AssertHolds(written);
        Assert.Equal(written.Total, topic.Count);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_waited_for_while_commits_go_on()
    {
        var failures = 0;
        topic.Trouble = events => Task.FromResult(Interlocked.Increment(ref failures) % 4 == 0 ? events.Count : events.Count / 2);
        await using var node = Relaying("a");
        for (var i = 0; i < 10; i++)
        {
            await written.SignUpAsync(30);
            await written.RenameAllAsync();
        }

        await ArrivedAsync();
        topic.AssertHolds(written);
        Assert.Contains(node.Notices, notice => notice.Sentence.Contains("The broker is away.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relay_goes_on_where_the_one_before_it_ended()
    {
        await written.SignUpAsync(75);
        await using (Relaying("a"))
        {
            await ArrivedAsync();
        }

        await written.RenameAllAsync();
        await using var next = Relaying("b");
        await ArrivedAsync();
        topic.AssertHolds(written);
        Assert.Equal(written.Total, topic.Count);
    }

    [Fact]
    public async Task Whoever_waits_takes_over_when_a_relay_ends_or_dies()
    {
        await written.SignUpAsync(10);
        var pause = new Pause();
        await using var dying = Relaying("a", pause);
        await ArrivedAsync();
        await using var waiting = Relaying("b");
        pause.Begin();
        await written.RenameAllAsync();
        await ArrivedAsync();
        pause.End();
        topic.AssertHolds(written);
    }

    [Fact]
    public async Task A_relay_that_was_paused_while_publishing_doubles_that_page_and_nothing_more()
    {
        await written.SignUpAsync(500);
        var pause = new Pause();
        var begun = new TaskCompletionSource();
        var calls = 0;
        var slow = new Topic
        {
            Trouble = async events =>
            {
                if (Interlocked.Increment(ref calls) == 3)
                {
                    pause.Begin();
                    begun.SetResult();
                }

                await pause.Point;
                await topic.PublishAsync(events, CancellationToken.None);
                return events.Count;
            },
        };
        await using var zombie = new Node("a", new PausableStore(store, pause), new PausableControl(store.Control, pause), store.Progress);
        zombie.Start(new Relay(zombie.Outboxes, slow, TimeProvider.System));
        await begun.Task;
        await using var heir = Relaying("b");
        await ArrivedAsync();
        await written.RenameAllAsync();
        await ArrivedAsync();
        await Bounded.UntilAsync(async () => (await PositionAsync())?.Position == written.Total, "the heir has saved its position");

        pause.End();
        await Bounded.UntilAsync(() => slow.Count == 150, "the page that was under way");
        await written.RenameAllAsync();
        await ArrivedAsync();
        await zombie.DisposeAsync();
        topic.AssertHolds(written);
        Assert.Equal(3, calls);
        await Bounded.UntilAsync(async () => (await PositionAsync())?.Position == written.Total, "the heir's position stays");
    }

    [Fact]
    public async Task Events_that_expired_unread_are_a_loss_that_is_told_and_what_is_left_is_published()
    {
        var changes = new Changes();
        var memory = new MemoryStore(SuiteEncoders.All, [ShardId.Control], _ => ShardId.Control);
        var some = new WrittenUsers(memory);
        var progress = new MemoryProgressStore();
        var control = new MemoryControlStore();
        await some.SignUpAsync(3);
        await using (var first = new Node("a", memory, control, progress))
        {
            first.Start(new Relay(first.Outboxes, topic, TimeProvider.System));
            await Bounded.UntilAsync(() => topic.Count == 3, "the first events");
        }

        await some.SignUpAsync(5);
        await memory.ExpireAsync(new Expiry(Changes.Start.AddYears(1), default, 6), TestContext.Current.CancellationToken);
        await using var node = new Node("b", memory, control, progress);
        node.Start(new Relay(node.Outboxes, topic, TimeProvider.System));
        await Bounded.UntilAsync(() => topic.Count == 5, "what is left");
        Assert.Single(node.Notices, notice => notice.IsLoss);
    }

    private Node Relaying(string name, Pause? pause = null)
    {
        var node = pause is null
            ? new Node(name, store, store.Control, store.Progress)
            : new Node(name, new PausableStore(store, pause), new PausableControl(store.Control, pause), store.Progress);
        return node.Start(new Relay(node.Outboxes, topic, TimeProvider.System));
    }

    private Task ArrivedAsync() => Bounded.UntilAsync(() => topic.Distinct == written.Total, "everything arrives");

    private ValueTask<OutboxCursor?> PositionAsync() => store.Progress.PositionAsync(Relay.Name, ShardId.Control, TestContext.Current.CancellationToken);
}
