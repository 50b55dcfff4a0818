using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>The server answers, is of a version that Roster knows, and the database keeps texts as Roster does.</summary>
internal sealed class ReachCheck : ShardCheck<ServerShard>
{
    private const int Oldest = 150_000;

    protected override bool Applies(ServerShard shard) => true;

    protected override Finding Find(ServerShard shard, Patient patient) => shard.Database?.Server switch
    {
        null => Finding.Wrong($"Shard {shard.Shard.Value} ({shard.Place}): {shard.Problem}"),
        { VersionNumber: < Oldest } old => Finding.Wrong($"{shard.Place} is PostgreSQL {old.Version}, and Roster needs 15 or newer: upgrade it."),
        { Encoding: not "UTF8" } other => Finding.Wrong($"{shard.Place} keeps texts in {other.Encoding}: make its database with ENCODING 'UTF8'."),
        var server => Finding.Ok($"{shard.Place} is PostgreSQL {server.Version}, and answers in {Counted.Milliseconds(server.Latency)}."),
    };
}
