using System.Globalization;
using Spectre.Console;

namespace Roster.Cli.Import;

/// <summary>How far an import is: a bar on a terminal, a plain line every few seconds elsewhere; on standard error.</summary>
internal sealed class ImportProgress(ImportReport report, TimeProvider time)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private TimeSpan lastPlain;
    private ProgressTask? bar;

    /// <summary>Seconds since the start.</summary>
    public double Seconds => Math.Max(time.GetElapsedTime(start).TotalSeconds, 0.001);

    private double Rate => report.Total / Seconds;

    /// <summary>Runs the work with progress on show.</summary>
    /// <param name="work">Calls <see cref="Advance"/> as it gets on.</param>
    public async Task ShowAsync(Func<Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            await work();
            return;
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await terminal.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .StartAsync(async shown =>
            {
                bar = shown.AddTask("starting", maxValue: 1);
                bar.IsIndeterminate = true;
                await work();
            });
    }

    /// <summary>Something was answered.</summary>
    /// <param name="share">Of the file, 0 to 1; null when its length is unknown.</param>
    public void Advance(double? share)
    {
        if (bar is not null)
        {
            bar.Description = Text();
            bar.IsIndeterminate = share is null;
            bar.Value = share ?? 0;
        }
        else if (time.GetElapsedTime(start) - lastPlain >= PlainInterval)
        {
            lastPlain = time.GetElapsedTime(start);
            Console.Error.WriteLine(Text());
        }
    }

    /// <summary>Something to say in between.</summary>
    public void Say(string sentence)
    {
        if (bar is not null)
        {
            bar.Description = Markup.Escape(sentence);
        }
        else
        {
            Console.Error.WriteLine(sentence);
        }
    }

    private string Text() => string.Create(CultureInfo.InvariantCulture, $"{report.Total:N0} lines, {Rate:N0}/s");
}
