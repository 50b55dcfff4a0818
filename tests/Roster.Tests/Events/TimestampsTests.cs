using CsCheck;
using Roster.Core.Events;
using Xunit;

namespace Roster.Tests.Events;

public sealed class TimestampsTests
{
    private static readonly Gen<DateTimeOffset> Times = Gen.Select(Gen.Long[0, 3_000_000_000_000_000_0], Gen.Int[-14, 14])
        .Select((ticks, hours) => DateTimeOffset.UnixEpoch.AddTicks(ticks).ToOffset(TimeSpan.FromHours(hours)));

    [Fact]
    public void A_time_loses_less_than_a_microsecond_and_its_offset() => Times.Sample(time =>
    {
        var cut = Timestamps.Truncate(time);
        return cut.Offset == TimeSpan.Zero && cut.Ticks % TimeSpan.TicksPerMicrosecond == 0
            && time - cut >= TimeSpan.Zero && time - cut < TimeSpan.FromMicroseconds(1) && Timestamps.Truncate(cut) == cut;
    });

    [Fact]
    public void Microseconds_are_read_back() => Times.Sample(time =>
        Timestamps.FromMicroseconds(Timestamps.ToMicroseconds(time)) == Timestamps.Truncate(time));

    [Fact]
    public void Times_of_one_user_strictly_increase_whatever_the_clock_does() => Times.List[1, 30].Sample(clock =>
    {
        DateTimeOffset? last = null;
        foreach (var now in clock)
        {
            var next = Timestamps.Next(now, last);
            if (next <= last || next < Timestamps.Truncate(now) || next.Ticks % TimeSpan.TicksPerMicrosecond != 0)
            {
                return false;
            }

            last = next;
        }

        return true;
    });

    [Fact]
    public void A_clock_that_stands_still_gives_the_next_microsecond()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(9);
        Assert.Equal(Timestamps.Truncate(now), Timestamps.Next(now, null));
        Assert.Equal(Timestamps.Truncate(now).AddMicroseconds(1), Timestamps.Next(now, Timestamps.Truncate(now)));
    }
}
