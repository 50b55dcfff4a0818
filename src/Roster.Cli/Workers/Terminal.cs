using System.Globalization;

namespace Roster.Cli.Workers;

/// <summary>
/// What SIGHUP means: that the terminal was closed, or that somebody sent it. Both carry the same number, and a shell
/// passes the first one on as if it had sent it; but a process whose terminal is closed has none any more (proc(5), tty_nr).
/// </summary>
/// <param name="isThere">Whether this process has a terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class Terminal(Func<bool> isThere, TimeProvider time)
{
    /// <summary>A window may end its shell before the terminal, and a shell its jobs before itself.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(1);

    /// <summary>One that has been gone for longer was closed without a word (disown): SIGHUP has nothing to do with it.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(50);

    private bool wasThere = isThere();
    private long seen = time.GetTimestamp();

    /// <summary>This process's own.</summary>
    public static Terminal OfThisProcess { get; } = new(HasOne, TimeProvider.System);

    /// <summary>Looks now and then whether it is there still, until it is gone for long; at once without one.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (wasThere && !stop.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isThere())
            {
                Volatile.Write(ref seen, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(Volatile.Read(ref seen)) > Recent)
            {
                wasThere = false;
            }
        }
    }

    /// <summary>Whether SIGHUP that has just come was because it is closed; known after a second when it is not.</summary>
    public async Task<bool> IsClosedAsync(CancellationToken stop)
    {
        for (var start = time.GetTimestamp(); wasThere && time.GetElapsedTime(start) < Closing; await Task.Delay(ShortLook, time, stop))
        {
            if (!isThere())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The seventh field, the fifth behind the name in parentheses; 0 is none.</summary>
    private static bool HasOne()
    {
        var line = File.ReadAllText("/proc/self/stat");
        return int.Parse(line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], CultureInfo.InvariantCulture) != 0;
    }
}
