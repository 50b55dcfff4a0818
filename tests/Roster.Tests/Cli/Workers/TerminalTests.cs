using Microsoft.Extensions.Time.Testing;
using Roster.Cli.Workers;
using Xunit;

namespace Roster.Tests.Cli.Workers;

/// <summary>What SIGHUP means, by what becomes of the terminal.</summary>
public sealed class TerminalTests
{
    private readonly FakeTimeProvider time = new();
    private bool isThere = true;

    [Fact]
    public async Task Without_a_terminal_somebody_has_sent_it_and_that_is_known_at_once()
    {
        isThere = false;
        Assert.False(await IsClosed(Terminal()));
    }

    [Fact]
    public async Task A_terminal_that_is_gone_was_closed_and_that_is_known_at_once()
    {
        var terminal = Terminal();
        isThere = false;
        Assert.True(await IsClosed(terminal));
    }

    [Fact]
    public async Task A_terminal_that_goes_within_a_second_was_being_closed()
    {
        var closed = IsClosed(Terminal());
        Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(closed.IsCompleted);
        isThere = false;
        Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(await closed);
    }

    [Fact]
    public async Task A_terminal_that_stays_has_nothing_to_do_with_it()
    {
        var closed = IsClosed(Terminal());
        Advance(TimeSpan.FromSeconds(2));
        Assert.False(await closed);
    }

    [Fact]
    public async Task A_terminal_that_was_closed_long_ago_has_nothing_to_do_with_it()
    {
        var terminal = Terminal();
        SynchronizationContext.SetSynchronizationContext(null);
        var watching = terminal.WatchAsync(TestContext.Current.CancellationToken);
        isThere = false;
        Advance(TimeSpan.FromMinutes(1));
        await watching;
        Assert.False(await IsClosed(terminal));
    }

    private Terminal Terminal() => new(() => isThere, time);

    private static Task<bool> IsClosed(Terminal terminal)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return terminal.IsClosedAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>In steps; with no context to go back to, what waits for one of them goes on within it.</summary>
    private void Advance(TimeSpan duration)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var step = TimeSpan.FromMilliseconds(50);
        for (var passed = TimeSpan.Zero; passed < duration; passed += step)
        {
            time.Advance(step);
        }
    }
}
