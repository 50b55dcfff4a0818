using System.Diagnostics;
using CsCheck;
using Roster.Cli.Bench.Load;
using Xunit;

namespace Roster.Tests.Cli.Bench.Load;

public sealed class ArrivalScheduleTests
{
    private const long Start = 1_000_000_000;

    [Fact]
    public void Requests_are_a_gap_apart_and_no_error_adds_up() => Gen.Select(Gen.Double[1, 1_000_000], Gen.Long[0, 100_000_000]).Sample((rate, number) =>
    {
        var schedule = new ArrivalSchedule(Start, rate);
        var gap = Stopwatch.Frequency / rate;
        Assert.InRange(schedule.DueAt(number) - Start - (number * gap), -2, 2);
        Assert.InRange(schedule.DueAt(number + 1) - schedule.DueAt(number) - gap, -2, 2);
    });

    [Theory]
    [InlineData(1, 10_000, 10_000)]
    [InlineData(0.5, 3, 2)]
    [InlineData(0, 100, 0)]
    public void As_many_are_due_in_a_time_as_the_rate_says(double seconds, double rate, long count) =>
        Assert.Equal(count, ArrivalSchedule.Within(TimeSpan.FromSeconds(seconds), rate));
}
