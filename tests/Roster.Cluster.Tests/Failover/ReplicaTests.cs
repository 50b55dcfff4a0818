using System.Diagnostics;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>The lab's plain replicas follow, hold commits back where they are asked to, and live through their primary's end.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task A_replica_follows_its_primary_through_restarts_and_pauses()
    {
        await using var primary = await PostgresServer.StartAsync();
        await Sql.AskAsync<int>(primary, "CREATE TABLE seen (n int)");
        await using var replica = await primary.StartReplicaAsync("replica_1");
        Assert.True(await Sql.AskAsync<bool>(replica, "SELECT pg_is_in_recovery()"));
        await FollowsAsync(primary, replica, 1);

        replica.Pause();
        await Sql.AskAsync<int>(primary, "INSERT INTO seen VALUES (2)");
        await Assert.ThrowsAnyAsync<Exception>(() => Sql.AskAsync<long>(replica, "SELECT count(*) FROM seen"));
        replica.Resume();
        await FollowsAsync(primary, replica, 3);

        await primary.KillAsync();
        Assert.Equal(3, await Sql.AskAsync<long>(replica, "SELECT count(*) FROM seen"));
        await primary.StartAgainAsync();
        await FollowsAsync(primary, replica, 4);
        await replica.KillAsync();
        await replica.StartAgainAsync();
        await FollowsAsync(primary, replica, 5);
    }

    [Fact]
    public async Task A_synchronous_replica_that_is_away_holds_commits_back()
    {
        await using var primary = await PostgresServer.StartAsync();
        await Sql.AskAsync<int>(primary, "CREATE TABLE seen (n int)");
        await using var replica = await primary.StartReplicaAsync("replica_1");
        await primary.ConfigureAsync("synchronous_standby_names = 'replica_1'");
        await UntilAsync(async () => await Sql.AskAsync<string>(primary, "SELECT sync_state FROM pg_stat_replication") == "sync");
        await replica.KillAsync();
        var held = Sql.AskAsync<int>(primary, "INSERT INTO seen VALUES (1)");
        Assert.NotSame(held, await Task.WhenAny(held, Task.Delay(500)));
        await replica.StartAgainAsync();
        await held;
    }

    private static async Task FollowsAsync(PostgresServer primary, PostgresServer replica, int number)
    {
        await Sql.AskAsync<int>(primary, $"INSERT INTO seen VALUES ({number})");
        await UntilAsync(async () => await Sql.AskAsync<long>(replica, "SELECT count(*) FROM seen") == number);
    }

    private static async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        for (var start = Stopwatch.GetTimestamp(); !await holdsAsync(); await Task.Delay(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience);
        }
    }
}
