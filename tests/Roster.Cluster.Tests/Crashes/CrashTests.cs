using Xunit;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>Acknowledged means durable, and a retry gives the first answer: through kill -9 at random moments.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_promise_breaks_when_the_server_is_killed() => await RunAsync(kills: 6);

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_promise_breaks_over_a_hundred_kills()
    {
        var run = await RunAsync(kills: 100);
        await Report.WriteAsync("crash.md", CrashReport.Of(run));
    }

    private async Task<CrashRun> RunAsync(int kills)
    {
        var run = new CrashRun(Seed.Take(output), kills);
        try
        {
            await run.RunAsync();
        }
        catch (BrokenPromiseException finding)
        {
            Assert.Fail($"{finding.Message} (ROSTER_SEED={run.Seed}, after {run.Kills} kills)");
        }

        output.WriteLine(CrashReport.Of(run));
        Assert.True(run.Tally.AcknowledgedWrites > 0 && run.Tally.ImportedLines > 0, "Nothing was written between the kills.");
        return run;
    }
}
