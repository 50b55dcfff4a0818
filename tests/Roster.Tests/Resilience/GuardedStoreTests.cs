using Microsoft.Extensions.Time.Testing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Resilience;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Resilience;

public sealed class GuardedStoreTests : IAsyncDisposable
{
    private static readonly UserId[] Ids = [new(Guid.Parse("01900000-0000-7000-8000-000000000001"))];
    private static readonly GuardOptions Options = new();

    private readonly FakeTimeProvider time = new();
    private readonly FailingStore engine = new();
    private readonly GuardedStore store;

    public GuardedStoreTests() => store = new GuardedStore(engine, Options, time);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_shard_that_keeps_failing_is_not_asked_for_a_moment_and_then_by_one_call()
    {
        engine.Fails = true;
        await FailAsync(Options.LeastCalls);
        var before = engine.Calls;
        await Assert.ThrowsAsync<StoreBusyException>(ReadAsync);
        Assert.Equal(before, engine.Calls);

        time.Advance(Options.Pause);
        await Assert.ThrowsAsync<StoreUnavailableException>(ReadAsync);
        await Assert.ThrowsAsync<StoreBusyException>(ReadAsync);
        Assert.Equal(before + 1, engine.Calls);

        engine.Fails = false;
        time.Advance(Options.Pause);
        await ReadAsync();
        await ReadAsync();
        Assert.Equal(before + 3, engine.Calls);
    }

    [Fact]
    public async Task What_only_a_leader_can_answer_does_not_stop_what_its_replicas_answer()
    {
        engine.Fails = true;
        for (var i = 0; i < Options.LeastCalls; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.UsersAsync(Ids, ConsistencyToken.Latest, default));
        }

        await Assert.ThrowsAsync<StoreBusyException>(async () => await store.UsersAsync(Ids, ConsistencyToken.Latest, default));
        engine.Fails = false;
        await ReadAsync();
        await store.UsersAsync(Ids, ConsistencyToken.Of(new Position(ShardId.Control, 1, 1)), default);
    }

    [Fact]
    public async Task Whoever_finds_the_shard_well_has_it_asked_again_at_once()
    {
        engine.Fails = true;
        await FailAsync(Options.LeastCalls);
        engine.Fails = false;
        await Assert.ThrowsAsync<StoreBusyException>(ReadAsync);
        await store.CheckAsync(default);
        await ReadAsync();
    }

    [Fact]
    public async Task A_read_that_hangs_ends_at_its_deadline()
    {
        engine.Hangs = true;
        var reading = ReadAsync();
        Assert.False(reading.IsCompleted);
        time.Advance(Options.ReadDeadline);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => reading);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_shard()
    {
        engine.Hangs = true;
        for (var i = 0; i < 3 * Options.LeastCalls; i++)
        {
            using var impatient = new CancellationTokenSource();
            var reading = store.UsersAsync(Ids, ConsistencyToken.None, impatient.Token).AsTask();
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        engine.Hangs = false;
        await ReadAsync();
    }

    [Fact]
    public async Task Reads_that_are_not_batched_wait_for_a_place_as_long_as_that_is_worth_it()
    {
        using var gate = new CallGate(places: 2, TimeSpan.FromMilliseconds(300), time);
        async Task TakeAsync(int milliseconds)
        {
            var done = new TaskCompletionSource<int>();
            var running = gate.RunAsync(static async (task, _) => await task, done.Task, default).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            done.SetResult(1);
            await running;
        }

        for (var i = 0; i < 50; i++)
        {
            await TakeAsync(100);
        }

        // Two at a time, a tenth of a second each: seven that wait would take more than 300 ms.
        var end = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 12).Select(_ => gate.RunAsync(static async (task, _) => await task, end.Task, default).AsTask()).ToList();
        Assert.All(calls[..8], call => Assert.False(call.IsCompleted));
        Assert.All(calls[8..], call => Assert.IsType<StoreBusyException>(call.Exception?.InnerException));
        end.SetResult(1);
        await Task.WhenAll(calls[..8]);
    }

    [Fact]
    public async Task Calls_that_were_slow_once_as_after_a_start_do_not_refuse_those_after_them()
    {
        using var gate = new CallGate(places: 16, TimeSpan.FromMilliseconds(300), time);
        var first = new TaskCompletionSource<int>();
        List<Task<int>> cold = [.. Enumerable.Range(0, 16).Select(_ => gate.RunAsync(static async (task, _) => await task, first.Task, default).AsTask())];
        time.Advance(TimeSpan.FromMilliseconds(200));
        first.SetResult(1);
        await Task.WhenAll(cold);

        var end = new TaskCompletionSource<int>();
        List<Task<int>> many = [.. Enumerable.Range(0, 200).Select(_ => gate.RunAsync(static async (task, _) => await task, end.Task, default).AsTask())];
        Assert.All(many, call => Assert.False(call.IsCompleted));
        end.SetResult(1);
        await Task.WhenAll(many);
    }

    private Task ReadAsync() => store.UsersAsync(Ids, ConsistencyToken.None, default).AsTask();

    private async Task FailAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(ReadAsync);
        }
    }

    /// <summary>Has no users, and fails or hangs when it is told to.</summary>
    private sealed class FailingStore() : DelegatingStore(new MemoryStore(SuiteEncoders.All))
    {
        public bool Fails { get; set; }

        public bool Hangs { get; set; }

        public int Calls { get; private set; }

        public override IReadOnlyList<ShardId> Shards { get; } = [ShardId.Control];

        public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
            IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
        {
            Calls++;
            if (Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return Fails ? throw new StoreUnavailableException("It is away.") : new Read<User>?[ids.Count];
        }

        public override ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation) => new([]);
    }
}
