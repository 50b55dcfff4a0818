using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>What fills the server's disk, as far as it can be seen from here: the room that is left cannot.</summary>
internal sealed class DiskUseCheck : ShardCheck<ServerShard>
{
    private const long MostHeld = 4L << 30;

    protected override Finding Find(ServerShard shard, Patient patient)
    {
        var held = shard.Database!.Server.HeldLogBytes;
        return held > MostHeld
            ? Finding.Wrong($"{shard.Place} keeps {Counted.Bytes(held)} of log for a replication slot that nobody reads, until its disk is full: drop the slot (pg_replication_slots), or start its reader.")
            : Finding.Ok($"{shard.Place} takes {Counted.Bytes(shard.Database.DatabaseBytes)}; watch the disk on its own machine.");
    }
}
