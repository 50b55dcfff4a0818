using System.Diagnostics;

namespace Roster.Cli.Verbs;

/// <summary>A counter that rewrites its own line on a terminal, and says nothing elsewhere.</summary>
internal sealed class ProgressLine(string what) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly bool shown = !Console.IsErrorRedirected;
    private readonly long start = Stopwatch.GetTimestamp();
    private TimeSpan last;

    public void Report(long count)
    {
        if (!shown || (count & 63) != 0)
        {
            return;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        if (elapsed - last >= Interval)
        {
            last = elapsed;
            Console.Error.Write($"\r{count:N0} {what}, {count / elapsed.TotalSeconds:N0}/s\u001b[K");
        }
    }

    public void Clear()
    {
        if (shown)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }

    public void Dispose() => Clear();
}
