using System.Diagnostics;

namespace Roster.Cli.Verbs;

/// <summary>What is waited for, and for how long, on a line of its own on a terminal; nothing elsewhere.</summary>
internal sealed class WaitingLine : IProgress<string>, IDisposable
{
    private readonly Lock gate = new();
    private readonly Timer? timer;
    private string? what;
    private long since;

    public WaitingLine() => timer = Console.IsErrorRedirected ? null : new Timer(_ => Show(), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));

    public void Report(string value)
    {
        lock (gate)
        {
            (what, since) = (value, Stopwatch.GetTimestamp());
        }

        Show();
    }

    /// <summary>Takes the line away, before another is written.</summary>
    public void Clear()
    {
        lock (gate)
        {
            what = null;
            Write(string.Empty);
        }
    }

    public void Dispose()
    {
        timer?.Dispose();
        Clear();
    }

    private void Show()
    {
        lock (gate)
        {
            if (what is not null)
            {
                Write($"{what} …, {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s");
            }
        }
    }

    private void Write(string text)
    {
        if (timer is not null)
        {
            Console.Error.Write($"\r{text}\u001b[K");
        }
    }
}
