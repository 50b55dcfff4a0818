using System.Diagnostics;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>How long nobody answers on a dead worker's socket.</summary>
public sealed class SuccessionTests(MigratedServer server, ITestOutputHelper output) : IClassFixture<MigratedServer>
{
    private const int Deaths = 3;

    /// <summary>
    /// One worker, so that every connection waits for its successor. The best of some deaths counts: whatever else this
    /// machine does can only make one slower, while a spare that still has something to prepare is slow every time.
    /// </summary>
    [Fact]
    public async Task A_request_that_comes_when_its_worker_is_dead_is_answered_by_the_spare_within_a_second()
    {
        await using var node = await SupervisedNode.StartAsync(server.Settings, workers: 1);
        List<TimeSpan> gaps = [];
        for (var death = 0; death < Deaths; death++)
        {
            var victim = node.Workers[1];
            await node.UntilAsync(() => node.Spare is { } stands && stands != victim);
            var spare = node.Spare;
            using var client = new PlainClient(node);
            var killed = SupervisedNode.Kill([victim]);
            Assert.Equal(200, await AskSuccessorAsync(client, victim));
            gaps.Add(Stopwatch.GetElapsedTime(killed));
            await node.UntilAsync(() => node.Workers[1] == spare);
        }

        output.WriteLine($"Answered {string.Join(", ", gaps.Select(gap => $"{gap.TotalMilliseconds:0}"))} ms after kill -9.");
        Assert.InRange(gaps.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(1));

        // What a spare asks itself is nobody's failed request.
        Assert.DoesNotContain("no valid credential", node.Process.Errors, StringComparison.Ordinal);
    }

    /// <summary>The kernel takes a moment to end a process: what that one accepted meanwhile is its own loss.</summary>
    private static async Task<int> AskSuccessorAsync(PlainClient client, int victim)
    {
        while (WatchedProcess.IsAlive(victim))
        {
            await Task.Delay(1);
        }

        return await client.AskAsync();
    }
}
