using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Roster.Core.Storage.Batching;
using Xunit;

namespace Roster.Tests.Storage.Batching;

public sealed class AdmissionTests
{
    private static readonly BatchingOptions Options = new() { MaxWait = TimeSpan.FromMilliseconds(300) };

    private readonly FakeTimeProvider time = new();

    [Fact]
    public void What_a_batch_and_an_item_cost_is_learnt_from_batches_of_different_sizes() =>
        Gen.Select(Gen.Double[0, 0.02], Gen.Double[0.0001, 0.002], Gen.Int[1, 100].Array[20, 40]).Where(g => g.Item3.Distinct().Count() > 5).Sample((fix, each, sizes) =>
        {
            var timing = new BatchTiming(cap: 10);
            Array.ForEach(sizes, size => timing.Add(size, fix + (each * size)));
            Assert.InRange(timing.Of(200, 500), (fix + (each * 200)) * 0.9, (fix + (each * 200)) * 1.1);
        });

    [Fact]
    public void As_many_are_let_in_as_can_be_answered_in_time_and_the_others_know_at_once()
    {
        var admission = Learnt(perItem: 1, batches: [20, 100, 60, 30]);
        admission.Started(100);
        Assert.True(admission.Admits(1, waiting: 120));
        Assert.False(admission.Admits(1, waiting: 160));
    }

    [Fact]
    public void Whatever_arrives_those_let_in_are_answered_in_time_and_the_store_is_kept_busy() =>
        Gen.Select(Gen.Double[0, 40], Gen.Double[0.05, 4], Gen.Double[1.5, 20]).Sample((fix, each, overload) =>
        {
            // Milliseconds of a simulated store, and a steady stream of calls that is too much for it by a factor.
            var clock = new FakeTimeProvider();
            var admission = new Admission(Options, clock);
            var most = Options.MaxWait.TotalMilliseconds;
            var capacity = Options.MaxBatch / (fix + (each * Options.MaxBatch));
            var (waiting, late, done, due, end) = (new List<int>(), 0, 0, 0d, 0d);
            Admission.Batch? running = null;
            List<int> inIt = [];
            for (var now = 0; now < 6_000; now++, clock.Advance(TimeSpan.FromMilliseconds(1)))
            {
                if (running is not null && now >= end)
                {
                    admission.Ended(running, hasSucceeded: true);

                    // The first seconds are learnt from.
                    done += now < 2_000 ? 0 : inIt.Count;
                    late += now < 2_000 ? 0 : inIt.Count(since => now - since > most * 1.2);
                    running = null;
                    Start();
                }

                for (due += capacity * overload; due >= 1; due--)
                {
                    if (admission.Admits(1, waiting.Count))
                    {
                        waiting.Add(now);
                    }
                }

                Start();

                void Start()
                {
                    if (running is null && waiting.Count > 0)
                    {
                        inIt = [.. waiting.Take(Options.MaxBatch)];
                        waiting.RemoveRange(0, inIt.Count);
                        running = admission.Started(inIt.Count);
                        end = now + fix + (each * inIt.Count);
                    }
                }
            }

            Assert.True(late <= done / 100, $"{late} of {done} were late.");

            // Of half a batch's time what is fixed is not work: that share is the price of answering in time.
            Assert.InRange(done / 4_000d, 0.9 * capacity * Math.Min(1, ((most / 2) - fix) / (most / 2)), capacity * 1.1);
        }, iter: 30);

    [Fact]
    public void A_large_fixed_cost_does_not_make_a_store_look_slow()
    {
        // 50 ms a round trip, whatever is in it: a thousand fit into it as well as one.
        var admission = Learnt(perItem: 0, batches: [1, 2, 40, 20, 60, 3], roundTrip: 50);
        admission.Started(20);
        Assert.True(admission.Admits(1, waiting: 499));
    }

    [Fact]
    public void A_stall_is_waited_for_and_says_nothing_about_the_batches_after_it()
    {
        var admission = Learnt(perItem: 0.1, batches: [20, 100, 60, 30]);
        var stalled = admission.Started(10);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(admission.Admits(1, waiting: 400));
        admission.Ended(stalled, hasSucceeded: true);
        admission.Started(400);
        Assert.True(admission.Admits(1, waiting: 30));
    }

    [Fact]
    public void A_few_are_always_let_in_and_so_is_a_call_that_finds_nobody_waiting()
    {
        var admission = Learnt(perItem: 50, batches: [20, 40, 60, 33]);
        Assert.True(admission.Admits(1, waiting: 0));
        admission.Started(Admission.AlwaysAdmitted / 2);
        Assert.True(admission.Admits(1, waiting: (Admission.AlwaysAdmitted / 2) - 1));
        Assert.False(admission.Admits(1, waiting: Admission.AlwaysAdmitted));
        Assert.True(admission.Admits(500, waiting: 0));
    }

    [Fact]
    public void What_a_few_took_says_nothing_about_many()
    {
        // As on a server that has just started: a hundred at once are no overload.
        var admission = Learnt(perItem: 20, batches: [1, 2, 1, 3], roundTrip: 50);
        admission.Started(1);
        Assert.True(admission.Admits(1, waiting: 120));
        Assert.False(admission.Admits(1, waiting: 300));
    }

    /// <summary>One that has seen batches.</summary>
    /// <param name="perItem">Milliseconds of an item.</param>
    /// <param name="batches">Their sizes.</param>
    /// <param name="roundTrip">Milliseconds of any.</param>
    private Admission Learnt(double perItem, int[] batches, double roundTrip = 1)
    {
        var admission = new Admission(Options, time);
        foreach (var size in batches)
        {
            var batch = admission.Started(size);
            time.Advance(TimeSpan.FromMilliseconds(roundTrip + (perItem * size)));
            admission.Ended(batch, hasSucceeded: true);
        }

        return admission;
    }
}
