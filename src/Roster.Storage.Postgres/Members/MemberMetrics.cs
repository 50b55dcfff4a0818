using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Roster.Core.Ids;

namespace Roster.Storage.Postgres.Members;

/// <summary>What a shard's members tell: lag, changes of the leader, who answered reads.</summary>
internal sealed class MemberMetrics : IDisposable
{
    private static readonly Meter Meter = new("Roster");
    private static readonly ConcurrentDictionary<MemberMetrics, bool> Open = [];

    private static readonly Counter<long> Changes =
        Meter.CreateCounter<long>("roster.shard.leader_changes", "{change}", "Times that a shard's leader was found, lost or changed");

    private static readonly Counter<long> Reads =
        Meter.CreateCounter<long>("roster.shard.reads", "{read}", "Batches of reads of shards with replicas, by who answered");

    private static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("roster.shard.read_retries", "{read}", "Batches of reads that one more member was asked for");

    private readonly MemberWatch watch;
    private readonly KeyValuePair<string, object?> shard;
    private readonly KeyValuePair<string, object?> byLeader = new("by", "leader");
    private readonly KeyValuePair<string, object?> byReplica = new("by", "replica");

    static MemberMetrics()
    {
        Meter.CreateObservableGauge(
            "roster.shard.replica_lag", () => Open.Keys.SelectMany(metrics => metrics.Lags()), "s", "Longest time that a replica may lack what was acknowledged");
        Meter.CreateObservableGauge(
            "roster.shard.members", () => Open.Keys.SelectMany(metrics => metrics.Roles()), "{member}", "Members of a shard, by what they say of themselves");
    }

    public MemberMetrics(ShardId shard, MemberWatch watch)
    {
        this.watch = watch;
        this.shard = new("shard", shard.Value);
        Open.TryAdd(this, true);
    }

    public void LeaderChanged() => Changes.Add(1, shard);

    public void ReadBy(bool leader) => Reads.Add(1, shard, leader ? byLeader : byReplica);

    public void Retried() => Retries.Add(1, shard);

    public void Dispose() => Open.TryRemove(this, out _);

    private IEnumerable<Measurement<double>> Lags() =>
        from member in watch.Members
        let lag = watch.LagSeconds(member)
        where lag is not null
        select new Measurement<double>(lag.Value, shard, new("member", member.Options.Address));

    private IEnumerable<Measurement<int>> Roles() =>
    [
        RoleCount(MemberRole.Leads, "leads"),
        RoleCount(MemberRole.Follows, "follows"),
        RoleCount(MemberRole.Away, "away"),
    ];

    private Measurement<int> RoleCount(MemberRole role, string name) =>
        new(watch.Members.Count(member => member.State.Role == role), shard, new("role", name));
}
