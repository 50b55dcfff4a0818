using System.Diagnostics;
using Xunit;

namespace Roster.Tests;

/// <summary>Waits for conditions, never for time.</summary>
internal static class Bounded
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until something holds; a failure with this sentence when it does not in time.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what, int seconds = 30) =>
        await UntilAsync(() => Task.FromResult(holds()), what, seconds);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string, int)"/>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, int seconds = 30)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds), $"Not within {seconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
