using System.Collections.Concurrent;
using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Events.Consuming;

/// <summary>What becomes of events: an effect each, once and in order per user, or a place among the parked.</summary>
public sealed class ConsumerRunnerTests : IAsyncLifetime
{
    private readonly Changes changes = new();
    private readonly MemoryControlStore control = new();
    private readonly MemoryProgressStore progress = new();
    private readonly FedSource source = new();
    private readonly Mailman mail = new();
    private readonly ConcurrentQueue<Notice> notices = [];
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ConsumerOptions Options { get; } = new()
    {
        Holder = "a",
        Lease = TimeSpan.FromSeconds(1),
        LookEvery = TimeSpan.FromMilliseconds(10),
        Retries = new BackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)),
        Outage = new BackOff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40)),
        MaxAttempts = 4,
        Grace = TimeSpan.FromSeconds(1),
    };

    public ValueTask InitializeAsync()
    {
        running = new ConsumerRunner(mail, source, control, progress, Options, TimeProvider.System, notices.Enqueue).RunAsync(stop.Token);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Repetitions_and_what_nobody_wants_have_no_effect()
    {
        UserId ada = User("ada"), bob = User("bob");
        await source.FeedAsync(Event(ada, 1), Event(bob, 1), Event(ada, 2, Suspended.TypeName), Event(ada, 3), Event(ada, 1), Event(ada, 3));
        await source.FeedAsync(Event(ada, 1), Event(ada, 4), Event(bob, 1));
        Assert.Equal([1, 3, 4], mail.Of(ada));
        Assert.Equal([1], mail.Of(bob));
        Assert.Equal(4, await DoneAsync(ada));
    }

    [Fact]
    public async Task A_poison_event_is_parked_and_only_its_user_waits_until_a_person_has_it_retried()
    {
        UserId ada = User("ada"), bob = User("bob");
        mail.Before = message => message.User == ada && message.Sequence == 2 ? throw new PoisonEventException("No template.\nNone.") : Task.CompletedTask;
        await source.FeedAsync(Event(ada, 1), Event(ada, 2), Event(ada, 3), Event(bob, 1), Event(bob, 2));
        await source.FeedAsync(Event(ada, 4), Event(bob, 3));
        Assert.Equal([1], mail.Of(ada));
        Assert.Equal([1, 2, 3], mail.Of(bob));
        var parked = await ParkedAsync();
        Assert.Equal([2, 3, 4], parked.Select(one => one.Event.Sequence));
        Assert.Equal(("No template. None.", 1, null), (parked[0].Reason, parked[0].Attempts, parked[0].NextAttempt));
        Assert.Equal("Waits for event 2 of this user, or for one before it.", parked[1].Reason);
        Assert.Single(notices);

        mail.Before = _ => Task.CompletedTask;
        Assert.Equal(1, await progress.RetryParkedAsync(mail.Name, ada, TimeProvider.System.GetUtcNow(), Cancel));
        await Bounded.UntilAsync(async () => (await ParkedAsync()).Count == 0, "nothing is parked");
        Assert.Equal([1, 2, 3, 4], mail.Of(ada));
        await source.FeedAsync(Event(ada, 4), Event(ada, 5));
        Assert.Equal([1, 2, 3, 4, 5], mail.Of(ada));
    }

    [Fact]
    public async Task An_event_that_fails_is_tried_again_and_the_users_later_ones_follow_in_order()
    {
        var ada = User("ada");
        var failures = 0;
        mail.Before = _ => ++failures < 4 ? throw new IOException("Try later.") : Task.CompletedTask;
        await source.FeedAsync(Event(ada, 1), Event(ada, 2));
        await source.FeedAsync(Event(ada, 3));
        await Bounded.UntilAsync(async () => (await ParkedAsync()).Count == 0, "nothing is parked");
        await source.FeedAsync(Event(ada, 4));
        Assert.Equal([1, 2, 3, 4], mail.Of(ada));
        Assert.Empty(notices);
    }

    [Fact]
    public async Task An_event_that_fails_for_too_long_waits_for_a_person()
    {
        var ada = User("ada");
        mail.Before = _ => throw new IOException("Try later.");
        await source.FeedAsync(Event(ada, 1));
        await Bounded.UntilAsync(async () => await ParkedAsync() is [{ Attempts: 4, NextAttempt: null, Reason: "IOException: Try later." }], "it is given up");
        Assert.Single(notices);
    }

    [Fact]
    public async Task A_consumer_whose_server_is_away_pauses_and_parks_nothing()
    {
        var users = Enumerable.Range(0, 60).Select(i => User($"u{i}")).ToList();
        var (isAway, attempts) = (true, 0);
        mail.Before = _ =>
        {
            Interlocked.Increment(ref attempts);
            return Volatile.Read(ref isAway) ? throw new ConsumerUnavailableException("The mail server is away.") : Task.CompletedTask;
        };
        var fed = source.FeedAsync([.. users.Select(user => Event(user, 1))]);
        await Bounded.UntilAsync(() => Volatile.Read(ref attempts) > 100, "several rounds of attempts");
        Assert.False(fed.IsCompleted);
        Assert.Empty(await ParkedAsync());
        Volatile.Write(ref isAway, false);
        await fed;
        Assert.All(users, user => Assert.Equal([1], mail.Of(user)));
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public async Task What_another_process_did_while_this_one_was_paused_is_not_done_again()
    {
        UserId ada = User("ada"), bob = User("bob");
        mail.After = async message =>
        {
            if (message.User == ada && message.Sequence == 1)
            {
                // A pause: another process takes over, goes on, and meets trouble with bob.
                await progress.RecordEffectsAsync(mail.Name, [new Effect(ada, 3)], Cancel);
                await Task.Delay(Options.Fresh * 1.2, Cancel);
            }
        };
        await source.FeedAsync(Event(ada, 1), Event(ada, 2), Event(ada, 3), Event(ada, 4), Event(bob, 1));
        Assert.Equal([1, 4], mail.Of(ada));
    }

    private UserId User(string name) => changes.NewUserId($"{name}@example.org");

    private static EventMessage Event(UserId user, long sequence, string type = ProfileChanged.TypeName) =>
        new(user, sequence, type, "{}"u8.ToArray());

    private async Task<long> DoneAsync(UserId user) => (await progress.ProgressAsync(mail.Name, [user], Cancel))[0].Done;

    private async Task<IReadOnlyList<ParkedEvent>> ParkedAsync() => await progress.ParkedAsync(new ParkedQuery { Limit = 99 }, Cancel);
}
