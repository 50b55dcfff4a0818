using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Roster.Cli.Bench.Load;

/// <summary>
/// Sleeping for microseconds: the runtime's own sleep knows only whole milliseconds, which would send ten requests at
/// once at 10,000/s, and spinning would take a core from the server.
/// </summary>
internal static class Pause
{
    private const int TimerSlack = 29;

    /// <summary>Asks Linux to wake the calling thread when its time has come, instead of up to 50 µs later (prctl(2), PR_SET_TIMERSLACK).</summary>
    public static void BePunctual()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Prctl(TimerSlack, 1, 0, 0, 0);
        }
    }

    /// <summary>Sleeps; less than a microsecond is nothing.</summary>
    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public static void For(long ticks)
    {
        var microseconds = ticks * 1_000_000 / Stopwatch.Frequency;
        if (microseconds <= 0)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(TimeSpan.FromMicroseconds(microseconds));
            return;
        }

        _ = Usleep((uint)Math.Min(microseconds, 999_999));
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Usleep(uint microseconds);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
