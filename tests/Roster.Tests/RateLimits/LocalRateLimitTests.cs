using System.Net;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Roster.Core.RateLimits;
using Xunit;

namespace Roster.Tests.RateLimits;

public sealed class LocalRateLimitTests
{
    private static readonly RateKey Ada = RateKey.Of("key:ada");

    private readonly FakeTimeProvider time = new();

    [Fact]
    public void A_burst_passes_and_the_next_waits_until_a_token_has_grown()
    {
        var limit = new LocalRateLimit(new RateLimitOptions(10, 3), time);
        Assert.Equal([2, 1, 0], Enumerable.Range(0, 3).Select(_ => limit.Take(Ada)).Where(verdict => verdict.IsAllowed).Select(verdict => verdict.Remaining));
        var refused = limit.Take(Ada);
        Assert.Equal((false, 0, TimeSpan.FromMilliseconds(100)), (refused.IsAllowed, refused.Remaining, refused.Wait));
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(limit.Take(Ada).IsAllowed);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limit.Take(Ada).IsAllowed);
        Assert.False(limit.Take(Ada).IsAllowed);
    }

    [Fact]
    public void Callers_do_not_use_up_each_others_budget()
    {
        var limit = new LocalRateLimit(new RateLimitOptions(1, 1), time);
        RateKey[] callers =
        [
            Ada, RateKey.Of("jwt:ada"), RateKey.Of(IPAddress.Parse("10.0.0.1")), RateKey.Of(IPAddress.Parse("10.0.0.2")),
            RateKey.Of(IPAddress.Parse("2001:db8::1")), RateKey.Of(IPAddress.Parse("2001:db8:0:1::1")), RateKey.Of((IPAddress?)null),
        ];
        Assert.All(callers, caller => Assert.True(limit.Take(caller).IsAllowed));
        Assert.All(callers, caller => Assert.False(limit.Take(caller).IsAllowed));
    }

    [Fact]
    public void Addresses_of_one_network_are_one_and_so_are_two_spellings_of_one_address()
    {
        Assert.Equal(RateKey.Of(IPAddress.Parse("2001:db8::1")), RateKey.Of(IPAddress.Parse("2001:db8::2")));
        Assert.Equal(RateKey.Of(IPAddress.Parse("10.0.0.1")), RateKey.Of(IPAddress.Parse("::ffff:10.0.0.1")));
    }

    [Fact]
    public void No_sequence_of_requests_gets_more_than_the_burst_and_what_has_grown() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20], Gen.Int[0, 200].Array[1, 300]).Sample((perSecond, burst, pauses) =>
        {
            var clock = new FakeTimeProvider();
            var limit = new LocalRateLimit(new RateLimitOptions(perSecond, burst), clock);
            var passed = new List<double>();
            var now = 0d;
            foreach (var pause in pauses)
            {
                clock.Advance(TimeSpan.FromMilliseconds(pause));
                now += pause / 1000d;
                if (limit.Take(Ada).IsAllowed)
                {
                    passed.Add(now);
                }
            }

            for (var from = 0; from < passed.Count; from++)
            {
                for (var to = from; to < passed.Count; to++)
                {
                    Assert.True(to - from + 1 <= burst + ((passed[to] - passed[from]) * perSecond) + 1e-6);
                }
            }
        });

    [Fact]
    public void However_many_addresses_come_so_many_budgets_are_kept_and_newcomers_are_limited_all_the_same()
    {
        var limit = new LocalRateLimit(new RateLimitOptions(1, 5), time, capacity: 100);
        var passed = Enumerable.Range(0, 10_000).Count(n => limit.Take(RateKey.Of($"key:{n}")).IsAllowed);
        Assert.Equal(100, limit.Count);
        Assert.InRange(passed, 100, 100 + (1_024 * 5));

        // Once they are full again they are forgotten.
        time.Advance(TimeSpan.FromSeconds(2));
        limit.Take(Ada);
        Assert.Equal(1, limit.Count);
    }

    [Fact]
    public void Counting_a_request_allocates_nothing()
    {
        var limit = new LocalRateLimit(new RateLimitOptions(1_000, 1_000), TimeProvider.System);
        limit.Take(Ada);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            limit.Take(Ada);
        }

        // The smallest object has 24 bytes, so a request with one would make 24,000 of these. The runtime takes a few dozen bytes on any
        // thread now and then, when it compiles a method anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }
}
