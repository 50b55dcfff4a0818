using System.Globalization;

namespace Roster.Cli.Bench;

/// <summary>A line on a terminal that says how a run goes; silent elsewhere.</summary>
internal static class BenchProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it, and shows it.</summary>
    public static async Task WatchAsync(BenchRun run, CancellationToken cancellation)
    {
        var running = run.RunAsync(cancellation);
        var last = 0L;
        while (!Console.IsErrorRedirected && await Task.WhenAny(running, Task.Delay(Interval, CancellationToken.None)) != running)
        {
            var all = run.Result.All;
            var (total, failed) = (all.Total, all.Total - all.Succeeded);
            var rate = (total - last) / Interval.TotalSeconds;
            last = total;
            var latest = run.Result.Intervals is [.., var second] ? string.Create(CultureInfo.InvariantCulture, $", p99 {second.P99:0.0} ms") : string.Empty;
            Console.Error.Write(string.Create(
                CultureInfo.InvariantCulture, $"\r{run.Phase}: {total:N0} requests, {rate:N0}/s{latest}, {failed:N0} failed\u001b[K"));
        }

        Console.Error.Write(Console.IsErrorRedirected ? string.Empty : "\r\u001b[K");
        await running;
    }
}
