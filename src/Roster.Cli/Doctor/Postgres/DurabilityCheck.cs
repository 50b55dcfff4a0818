using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>What is acknowledged survives a power failure.</summary>
internal sealed class DurabilityCheck : ShardCheck<ServerShard>
{
    protected override Finding Find(ServerShard shard, Patient patient) => shard.Database!.Server switch
    {
        { Fsync: "off" } => Unsafe(shard, "fsync"),
        { SynchronousCommit: "off" } => Unsafe(shard, "synchronous_commit"),
        { FullPageWrites: "off" } => Finding.Note(
            $"{shard.Place} runs with full_page_writes=off: that is safe only on a file system that never writes half a page, such as ZFS."),
        var server => Finding.Ok($"{shard.Place} keeps what it acknowledges: fsync is on, synchronous_commit is {server.SynchronousCommit}."),
    };

    private static Finding Unsafe(ServerShard shard, string setting) => shard.Options.AllowUnsafeDurability
        ? Finding.Note($"{shard.Place} runs with {setting}=off, which Roster:Postgres:AllowUnsafeDurability allows: a power failure takes writes that were acknowledged.")
        : Finding.Wrong($"{shard.Place} runs with {setting}=off, and no node starts on it: set {setting}=on there.");
}
