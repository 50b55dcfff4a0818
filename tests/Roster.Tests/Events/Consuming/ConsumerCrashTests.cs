using Roster.Core.Events.Consuming;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Sqlite;
using Roster.Tests.Events.Outboxes;
using Roster.Tests.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Events.Consuming;

/// <summary>Processes that die between an effect and its being remembered: the only window in which an effect happens twice.</summary>
public sealed class ConsumerCrashTests : IAsyncLifetime
{
    private const int Parallelism = 4;
    private readonly SqliteFolder folder = new();
    private SqliteStore store = null!;

    public async ValueTask InitializeAsync() => store = await folder.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Delete();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_effect_happens_twice_only_when_a_process_died_right_after_it()
    {
        var written = new WrittenUsers(store);
        var users = await written.SignUpAsync(200);
        await written.RenameAllAsync();
        List<Mailman> dead = [];
        var doubled = 0;
        for (var life = 0; life < 5; life++)
        {
            dead.Add(await LiveAndDieAsync($"life{life}", effects: 37));
            doubled += Parallelism;
        }

        var last = new Mailman();
        await using var node = Start("last", last, store.Progress);
        await Bounded.UntilAsync(async () => await DoneAsync(users) == 2 * users.Count, "everything is done");
        var effects = dead.SelectMany(mail => mail.Effects).Concat(last.Effects).ToList();
        var distinct = effects.DistinctBy(effect => (effect.User, effect.Sequence)).Count();
        Assert.Equal(written.Total, distinct);
        Assert.InRange(effects.Count - distinct, 1, doubled);
        TestContext.Current.TestOutputHelper?.WriteLine($"{effects.Count - distinct} of {distinct} effects were doubled by 5 deaths.");
    }

    [Fact]
    public async Task A_consumer_that_ends_in_order_doubles_nothing()
    {
        var written = new WrittenUsers(store);
        var users = await written.SignUpAsync(300);
        List<Mailman> lives = [];
        while (await DoneAsync(users) < users.Count)
        {
            lives.Add(new Mailman { After = _ => Task.Delay(1) });
            await using var node = Start($"life{lives.Count}", lives[^1], store.Progress);
            await Bounded.UntilAsync(async () => lives[^1].Effects.Count > 60 || await DoneAsync(users) == users.Count, "some effects");
        }

        Assert.True(lives.Count > 2);
        Assert.Equal(users.Count, lives.Sum(life => life.Effects.Count));
        Assert.Equal(users.Order(), lives.SelectMany(life => life.Effects.Select(effect => effect.User)).Order());
    }

    /// <summary>After so many effects nothing that it says arrives any more, and nothing that it asks is answered.</summary>
    private async Task<Mailman> LiveAndDieAsync(string name, int effects)
    {
        var mail = new Mailman();
        var count = 0;
        var death = new TaskCompletionSource();
        mail.Before = _ => Volatile.Read(ref count) >= effects ? Task.Delay(Timeout.Infinite) : Task.CompletedTask;
        mail.After = async _ =>
        {
            if (Interlocked.Increment(ref count) >= effects)
            {
                death.TrySetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }
        };
        var pause = new Pause();
        var node = new Node(name, new PausableStore(store, pause), new PausableControl(store.Control, pause), store.Progress);
        node.Start(Runner(name, mail, node, store.Progress));
        await death.Task;

        // Never to be resumed, nor disposed: a dead process gives nothing back.
        pause.Begin();
        return mail;
    }

    private Node Start(string name, Mailman mail, IProgressStore progress)
    {
        var node = new Node(name, store, store.Control, progress);
        return node.Start(Runner(name, mail, node, progress));
    }

    private ConsumerRunner Runner(string name, Mailman mail, Node node, IProgressStore progress)
    {
        var options = new ConsumerOptions { Holder = name, Lease = Node.Lease, Parallelism = Parallelism, Grace = TimeSpan.FromSeconds(5) };
        return new(mail, new OutboxSource(node.Outboxes), store.Control, progress, options, TimeProvider.System, node.Notices.Enqueue);
    }

    private async Task<long> DoneAsync(IReadOnlyList<UserId> users) =>
        (await store.Progress.ProgressAsync("mail", users, TestContext.Current.CancellationToken)).Sum(known => known.Done);
}
