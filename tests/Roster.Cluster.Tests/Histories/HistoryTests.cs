using System.Collections.Concurrent;
using Roster.Cluster.Tests.Processes;
using Roster.Storage.Conformance.Histories;
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
        using var end = new CancellationTokenSource();
        ConcurrentQueue<Operation> log = new();
        ConcurrentDictionary<string, long> users = new(StringComparer.Ordinal);
        LogicalClock clock = new();
        var clients = Enumerable.Range(0, Clients).Select(n => new HistoryClient(n, Random.Shared.Next(), http, clock, users, log)).ToList();
        var working = clients.Select(c => c.WorkAsync(end.Token)).ToList();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(Random.Shared.Next(300, 900));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await Task.Delay(300);
        await end.CancelAsync();
        await Task.WhenAll(working);
        var (writes, owners) = await FinalAsync(http, users.Keys);
        output.WriteLine($"{log.Count} operations, {writes.Count} versions of {owners.Count} users, {clients.Sum(c => c.SentAgain)} writes sent again");
        Assert.Empty(HistoryChecker.Check(log, writes, owners));
        Assert.True(writes.Count > owners.Count, "Nothing was changed between the kills.");
    }

    /// <summary>Every version of everybody, those among them whom nobody was told of.</summary>
    private static async Task<(List<FinalWrite> Writes, List<FinalOwner> Owners)> FinalAsync(HttpClient http, IEnumerable<string> known)
    {
        var lines = await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
        var there = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SeenUser.Of).ToDictionary(u => u.Id, StringComparer.Ordinal);
        Assert.Equal([], known.Except(there.Keys, StringComparer.Ordinal));
        List<FinalWrite> writes = [];
        foreach (var user in there.Values)
        {
            for (var version = 1L; version <= user.Version; version++)
            {
                var then = SeenUser.Of(await http.GetStringAsync(new Uri($"/users/{user.Id}?version={version}", UriKind.Relative)));
                writes.Add(new FinalWrite(user.Id, then.Version, then.Name));
            }
        }

        return (writes, [.. there.Values.Select(u => new FinalOwner(u.EmailKey, u.Id))]);
    }
}
