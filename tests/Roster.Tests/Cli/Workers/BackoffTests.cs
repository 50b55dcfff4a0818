using Roster.Cli.Workers;
using Xunit;

namespace Roster.Tests.Cli.Workers;

/// <summary>Pauses before a worker is started again.</summary>
public sealed class BackoffTests
{
    private static readonly TimeSpan Never = TimeSpan.Zero;

    [Fact]
    public void The_first_death_is_followed_by_a_start_at_once() => Assert.Equal(TimeSpan.Zero, new Backoff().After(served: Never));

    [Fact]
    public void Failures_in_a_row_wait_twice_as_long_each_up_to_ten_seconds()
    {
        var backoff = new Backoff();
        Assert.Equal([0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000], Enumerable.Range(0, 9).Select(_ => backoff.After(Never).TotalMilliseconds));
    }

    [Fact]
    public void However_long_it_goes_on_the_pause_stays()
    {
        var backoff = new Backoff();
        Assert.Equal(10_000, Enumerable.Range(0, 1000).Select(_ => backoff.After(Never).TotalMilliseconds).ToList()[^1]);
    }

    [Fact]
    public void A_worker_that_has_served_a_second_was_sound()
    {
        var backoff = new Backoff();
        backoff.After(Never);
        Assert.Equal(TimeSpan.FromMilliseconds(250), backoff.After(TimeSpan.FromMilliseconds(999)));
        Assert.Equal(TimeSpan.Zero, backoff.After(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromMilliseconds(250), backoff.After(Never));
    }
}
