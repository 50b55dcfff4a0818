using Roster.Cli.Storage;
using Roster.Cli.Verbs;
using Roster.Core.Storage;

namespace Roster.Cli.Shards;

/// <summary>How a shard's server is.</summary>
/// <param name="Version">PostgreSQL's.</param>
/// <param name="IsStandby">It only reads.</param>
/// <param name="IsBehindPooler">A pooler stands before it.</param>
/// <param name="LatencyMs">A round trip, in milliseconds.</param>
/// <param name="ClockAheadSeconds">How far its clock is ahead of this machine's.</param>
/// <param name="Fsync">The setting.</param>
/// <param name="SynchronousCommit">The setting.</param>
/// <param name="FullPageWrites">The setting.</param>
/// <param name="LogPosition">Timeline and LSN.</param>
/// <param name="Standbys">How many stream from it.</param>
/// <param name="HeldLogBytes">Log kept for replication slots, in bytes.</param>
/// <param name="OldestWriterSeconds">Age of the oldest transaction that has written; null when there is none to be seen.</param>
/// <param name="Connections">Connections of clients.</param>
/// <param name="MaxConnections">How many there may be.</param>
/// <param name="OwnedBuckets">How many buckets it lets be written; null without a schema.</param>
/// <param name="OwnedEpoch">By which shard map; 0 when by none yet.</param>
/// <param name="OwnsWhatMapSays">Whether the shard map says the same; null when that cannot be read.</param>
internal sealed record ServerStatus(
    string Version,
    bool IsStandby,
    bool IsBehindPooler,
    double LatencyMs,
    double ClockAheadSeconds,
    string Fsync,
    string SynchronousCommit,
    string FullPageWrites,
    string LogPosition,
    int Standbys,
    long HeldLogBytes,
    double? OldestWriterSeconds,
    int Connections,
    int MaxConnections,
    int? OwnedBuckets,
    long? OwnedEpoch,
    bool? OwnsWhatMapSays)
{
    /// <summary>What it is, for people.</summary>
    internal string Role => $"{(IsStandby ? "follows" : "leads")}, PostgreSQL {Version}, answers in {Counted.Milliseconds(TimeSpan.FromMilliseconds(LatencyMs))}{(IsBehindPooler ? ", behind a pooler" : "")}";

    public static ServerStatus? Of(ServerShard shard, ShardMap? map)
    {
        if (shard.Database is not { Server: var server } database)
        {
            return null;
        }

        return new ServerStatus(
            server.Version,
            server.IsStandby,
            server.IsBehindPooler,
            Math.Round(server.Latency.TotalMilliseconds, 2),
            Math.Round(server.ClockAhead.TotalSeconds, 3),
            server.Fsync,
            server.SynchronousCommit,
            server.FullPageWrites,
            server.LogPosition,
            server.Standbys,
            server.HeldLogBytes,
            server.OldestWriter is { } age ? Math.Round(age.TotalSeconds, 1) : null,
            server.Connections,
            server.MaxConnections,
            database.Owned?.Buckets.Count,
            database.Owned?.Epoch,
            database.Owned is { } owned && map is not null ? owned.Buckets.SetEquals(BucketRanges.Of(map, shard.Shard)) : null);
    }

    public void Show(TextWriter output)
    {
        output.WriteLine($"  log at {LogPosition}, {Counted.Of(Standbys, "standby")}{(HeldLogBytes > 0 ? $", {Counted.Bytes(HeldLogBytes)} of log kept for slots" : "")}{(OldestWriterSeconds is { } age ? $", oldest writing transaction {Counted.Time(TimeSpan.FromSeconds(age))}" : "")}");
        if (OwnedBuckets is { } buckets)
        {
            output.WriteLine($"  {Counted.Of(buckets, "bucket")} of epoch {OwnedEpoch}, {OwnsWhatMapSays switch { true => "as the shard map says", false => "NOT as the shard map says", _ => "the shard map cannot be read" }}");
        }

        output.WriteLine($"  connections: {Connections} of {MaxConnections}");
        output.WriteLine($"  fsync {Fsync}, synchronous_commit {SynchronousCommit}, full_page_writes {FullPageWrites}");
    }
}
