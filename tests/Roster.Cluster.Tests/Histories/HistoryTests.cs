using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Histories;

/// <summary>What clients see over HTTP is linearizable per user, and no e-mail has two owners, with kills in between.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Clients = 6;
    private const int Kills = 4;

    [Fact]
    public async Task Histories_over_HTTP_are_linearizable_through_kills()
    {
        await using var server = await RosterProcess.StartAsync();
        using var http = server.Connect();
        var run = new HistoryRun([http], mostUsers: 10, emails: 16);
        await run.WorkAsync(Clients, Random.Shared, async () =>
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(Random.Shared.Next(300, 900));
                await server.KillAsync();
                await server.StartAgainAsync();
            }

            await Task.Delay(300);
        });
        var findings = await run.CheckAsync();
        output.WriteLine(run.Summary);
        Assert.Empty(findings);
        Assert.True(run.Changes > 0, "Nothing was changed between the kills.");
    }
}
