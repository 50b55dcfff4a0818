using System.Diagnostics;
using System.Diagnostics.Metrics;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Lab;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>A primary and a replica of this class's own, whose replaying is stopped, and which stands still or dies.</summary>
public sealed class PausedReplicaTests : IAsyncLifetime
{
    /// <summary>No other test reads of this shard: metrics name it.</summary>
    private static readonly ShardId Own = new(61);

    private readonly Changes changes = new();
    private PostgresServer primary = null!;
    private PostgresServer replica = null!;
    private PostgresOptions options = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        primary = await PostgresServer.StartAsync();
        replica = await primary.StartReplicaAsync("replica");
        options = PostgresLab.OptionsOf(primary, "postgres") with
        {
            Shard = Own,
            Replicas = [replica.ConnectionStringOf("postgres")],
            MaxStaleness = TimeSpan.FromSeconds(2),
            LeaderPatience = TimeSpan.FromSeconds(2),
        };
        await PostgresMigrations.ApplyAsync(options, progress: null, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await (replica?.DisposeAsync() ?? default);
        await (primary?.DisposeAsync() ?? default);
    }

    [Fact]
    public async Task With_its_token_a_write_is_read_and_without_one_it_may_be_missing_but_not_for_longer_than_the_bound()
    {
        await using var store = await PostgresDatabases.OpenAsync(options);
        var ada = changes.Register("Ada", "ada@example.org");
        var told = (await store.CommitAsync([ada], Cancel))[0].AsOf;
        Assert.NotNull(await store.UserAsync(ada.User, told, Cancel));
        await UntilReplicaIsReadAsync(store, ada.User);
        await PostgresLab.RunAsync(replica, "SELECT pg_wal_replay_pause()");

        var rename = changes.Rename(ada.Next!, "Ada Lovelace");
        var after = (await store.CommitAsync([rename], Cancel))[0].AsOf;
        var written = Stopwatch.GetTimestamp();
        var old = 0;
        while (Stopwatch.GetElapsedTime(written) < TimeSpan.FromSeconds(4))
        {
            Assert.Equal("Ada Lovelace", (await store.UserAsync(ada.User, after, Cancel))!.State.Name);
            Assert.Equal("Ada Lovelace", (await store.UserAsync(ada.User, ConsistencyToken.Latest, Cancel))!.State.Name);
            var asked = Stopwatch.GetElapsedTime(written);
            if ((await store.UserAsync(ada.User, ConsistencyToken.None, Cancel))!.State.Name == "Ada")
            {
                old++;
                Assert.True(asked < options.MaxStaleness, $"{asked} after the write a read without a token was older than {options.MaxStaleness}.");
            }
        }

        Assert.True(old > 0, "The pause did not show: the replica was not read from.");
        Assert.Contains(await store.CheckAsync(Cancel), trouble => trouble.IsPartial && trouble.Problem.Contains("lags behind", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_read_fails_when_the_replica_stands_still_or_either_of_both_dies()
    {
        await using var store = await PostgresDatabases.OpenAsync(options);
        var ada = changes.Register("Ada", "ada@example.org");
        var told = (await store.CommitAsync([ada], Cancel))[0].AsOf;
        await ReadForAWhileAsync(store, ada, told);
        replica.Pause();
        await ReadForAWhileAsync(store, ada, told);
        replica.Resume();
        await ReadForAWhileAsync(store, ada, told);
        await primary.KillAsync();
        await ReadForAWhileAsync(store, ada, told);
        await Bounded.UntilAsync(() => store.MayBeStale, "that nobody leads is known");
        await Assert.ThrowsAnyAsync<StoreUnavailableException>(() => store.CommitAsync([changes.Rename(ada.Next!, "No")], Cancel).AsTask());
        await primary.StartAgainAsync();
        await Bounded.UntilAsync(() => !store.MayBeStale, "it leads again");
        await replica.KillAsync();
        await ReadForAWhileAsync(store, ada, told);
        Assert.Equal(ChangeOutcome.Committed, (await store.CommitAsync([changes.Rename(ada.Next!, "Ada Lovelace")], Cancel))[0].Outcome);
    }

    /// <summary>A replica answers once it is known to keep up; until then the leader does.</summary>
    private static async Task UntilReplicaIsReadAsync(PostgresStore store, UserId user)
    {
        var byReplica = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "roster.shard.reads")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags.Contains(new("shard", Own.Value)) && tags.Contains(new("by", "replica")))
            {
                Interlocked.Increment(ref byReplica);
            }
        });
        listener.Start();
        await Bounded.UntilAsync(
            async () =>
            {
                Interlocked.Exchange(ref byReplica, 0);
                return await store.UserAsync(user, ConsistencyToken.None, Cancel) is not null && Volatile.Read(ref byReplica) > 0;
            },
            "the replica is read from");
    }

    private static async Task ReadForAWhileAsync(PostgresStore store, Change written, ConsistencyToken told)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1.5);)
        {
            Assert.NotNull(await store.UserAsync(written.User, told, Cancel));
            Assert.NotNull(await store.UserAsync(written.User, ConsistencyToken.None, Cancel));
        }
    }
}
