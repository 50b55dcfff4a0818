using System.Collections;
using System.Collections.Concurrent;
using CsCheck;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Xunit;

namespace Roster.Tests.Storage.Batching;

/// <summary>What gathers, what waits, what is refused and what fails alone.</summary>
public sealed class NaturalBatcherTests
{
    // Tens conflict: 11, 12 and 13 are one user's changes, 20 is another's.
    private static readonly int[] Changes = [11, 12, 13, 20];

    private readonly GatedBackend backend = new();

    [Fact]
    public async Task An_idle_batcher_answers_at_once()
    {
        backend.Open();
        Assert.Equal([20], await Batcher().RunAsync([10], default));
        Assert.Equal(["10"], backend.Batches);
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_in_flight_gathers_into_the_next()
    {
        var batcher = Batcher();
        var calls = Enumerable.Range(1, 5).Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        Assert.Equal(["1"], backend.Batches);

        backend.Open();
        Assert.Equal([2, 4, 6, 8, 10], (await Task.WhenAll(calls)).Select(r => r[0]));
        Assert.Equal(["1", "2 3 4 5"], backend.Batches);
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_its_limit()
    {
        var batcher = Batcher(new BatchingOptions { MaxBatch = 2 });
        var calls = new[] { batcher.RunAsync([1], default).AsTask(), batcher.RunAsync([2, 3, 4, 5, 6], default).AsTask() };
        backend.Open();
        Assert.Equal([4, 6, 8, 10, 12], (await Task.WhenAll(calls))[1]);
        Assert.Equal(["1", "2 3", "4 5", "6"], backend.Batches);
    }

    [Fact]
    public async Task Several_batches_are_in_flight_when_allowed_but_no_more()
    {
        var batcher = Batcher(new BatchingOptions { MaxInFlight = 2 });
        var calls = Enumerable.Range(1, 4).Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        Assert.Equal(["1", "2"], backend.Batches);
        backend.Open();
        await Task.WhenAll(calls);
        Assert.Equal(["1", "2", "3 4"], backend.Batches);
    }

    [Fact]
    public async Task Items_that_conflict_wait_for_the_next_batch_in_their_order()
    {
        var batcher = Batcher(new BatchingOptions { MaxInFlight = 3 }, new SameTens());
        var calls = Changes.Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        Assert.Equal(["11", "20"], backend.Batches);
        backend.Open();
        await Task.WhenAll(calls);
        Assert.Equal(["11", "20", "12", "13"], backend.Batches);
    }

    [Fact]
    public async Task Who_has_an_answer_does_not_find_its_own_item_in_flight()
    {
        // Else a call of several items is torn apart, and not done in its order.
        using var begun = new ManualResetEventSlim();
        var wasBegun = false;
        var batcher = new NaturalBatcher<int, int>(
            "test",
            async items =>
            {
                if (items is [12])
                {
                    begun.Set();
                }

                var results = await backend.RunAsync(items);
                return items is [11, 20] ? new SecondOneLate(results, () => wasBegun = begun.Wait(TimeSpan.FromSeconds(10))) : results;
            },
            new BatchingOptions { MaxInFlight = 2 },
            new SameTens());
        List<Task> calls = [batcher.RunAsync([31], default).AsTask(), batcher.RunAsync([41], default).AsTask()];
        var first = batcher.RunAsync([11], default);
        calls.Add(batcher.RunAsync([20], default).AsTask());
        backend.Open();

        await first;
        await batcher.RunAsync([12], default);
        await Task.WhenAll(calls);
        Assert.True(wasBegun);
    }

    [Fact]
    public async Task A_full_queue_is_busy_at_once_and_recovers()
    {
        var batcher = Batcher(new BatchingOptions { Capacity = 2 });
        var calls = Enumerable.Range(1, 3).Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        Assert.True(batcher.IsBusy);
        await Assert.ThrowsAsync<StoreBusyException>(async () => await batcher.RunAsync([4], default));
        backend.Open();
        await Task.WhenAll(calls);
        Assert.Equal([10], await batcher.RunAsync([5], default));
        Assert.DoesNotContain("4", string.Join(' ', backend.Batches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_stop_the_batch_in_flight()
    {
        using var impatient = new CancellationTokenSource();
        var batcher = Batcher();
        var gone = batcher.RunAsync([1], impatient.Token).AsTask();
        var patient = batcher.RunAsync([2], default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.False(patient.IsCompleted);
        backend.Open();
        Assert.Equal([4], await patient);
        Assert.Equal(["1", "2"], backend.Batches);
    }

    [Fact]
    public async Task A_caller_that_gives_up_before_its_batch_began_is_never_run()
    {
        using var impatient = new CancellationTokenSource();
        var batcher = Batcher(new BatchingOptions { Capacity = 2 });
        var first = batcher.RunAsync([1], default).AsTask();
        var gone = batcher.RunAsync([2, 3], impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var last = batcher.RunAsync([4], default).AsTask();
        backend.Open();
        await Task.WhenAll(first, last);
        Assert.Equal(["1", "4"], backend.Batches);
    }

    [Fact]
    public async Task One_bad_item_fails_alone()
    {
        backend.Fails = batch => batch.Contains(3) ? new InvalidOperationException("3 is bad") : null;
        var batcher = Batcher();
        var calls = Enumerable.Range(0, 6).Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        backend.Open();
        foreach (var i in new[] { 0, 1, 2, 4, 5 })
        {
            Assert.Equal([2 * i], await calls[i]);
        }

        Assert.Equal("3 is bad", (await Assert.ThrowsAsync<InvalidOperationException>(() => calls[3])).Message);
    }

    [Fact]
    public async Task An_unavailable_store_is_not_asked_again_for_halves()
    {
        backend.Fails = _ => new OutcomeUnknownException("who knows");
        var batcher = Batcher();
        var calls = Enumerable.Range(0, 5).Select(i => batcher.RunAsync([i], default).AsTask()).ToArray();
        backend.Open();
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => call);
        }

        Assert.Equal(["0", "1 2 3 4"], backend.Batches);
    }

    [Fact]
    public void Every_caller_gets_its_own_results_whatever_runs_beside_it() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 3], Gen.Int[0, 9].Array[1, 6].Array[1, 40]).Sample(
            (maxBatch, maxInFlight, calls) =>
            {
                var conflicts = new ConcurrentDictionary<int, int>();
                async ValueTask<IReadOnlyList<int>> Run(IReadOnlyList<int> items)
                {
                    Assert.InRange(items.Count, 1, maxBatch);
                    Assert.All(items, item => Assert.True(conflicts.TryAdd(item, 0), "Two equal items in flight."));
                    await Task.Yield();
                    Assert.All(items, item => conflicts.TryRemove(item, out _));
                    return [.. items.Select(item => 2 * item)];
                }

                var batcher = new NaturalBatcher<int, int>(
                    "test", Run, new BatchingOptions { MaxBatch = maxBatch, MaxInFlight = maxInFlight }, EqualityComparer<int>.Default);
                Task.WhenAll(calls.Select(call => Task.Run(async () =>
                    Assert.Equal(call.Select(i => 2 * i), await batcher.RunAsync(call, default))))).GetAwaiter().GetResult();
            },
            iter: 300);

    private NaturalBatcher<int, int> Batcher(BatchingOptions? options = null, IEqualityComparer<int>? conflicts = null) =>
        new("test", backend.RunAsync, options ?? new BatchingOptions(), conflicts);

    /// <summary>Results whose second is waited for before it is given out.</summary>
    private sealed class SecondOneLate(IReadOnlyList<int> results, Action wait) : IReadOnlyList<int>
    {
        public int Count => results.Count;

        public int this[int index]
        {
            get
            {
                if (index == 1)
                {
                    wait();
                }

                return results[index];
            }
        }

        public IEnumerator<int> GetEnumerator() => results.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class SameTens : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x / 10 == y / 10;

        public int GetHashCode(int value) => value / 10;
    }
}
