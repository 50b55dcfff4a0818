using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>The server leads, and the database is the shard that the settings say it is.</summary>
internal sealed class RoleCheck : ShardCheck<ServerShard>
{
    protected override Finding Find(ServerShard shard, Patient patient) => shard.Database! switch
    {
        { Server.IsStandby: true } when shard.Options.Replicas.Count > 0 => Finding.Ok($"{shard.Place} follows; another member leads, or will."),
        { Server.IsStandby: true } => Finding.Wrong(
            $"{shard.Place} is a standby, which only reads: set Roster:Shards:{shard.Shard.Value}:Primary to the server that leads, or promote this one."),
        { Shard: { } other } when other != shard.Shard.Value => Finding.Wrong(
            $"{shard.Place} holds shard {other}, not shard {shard.Shard.Value}: bring Roster:Shards into the order it had."),
        { Shard: null, Schema: > 0 } => Finding.Note($"{shard.Place} leads, and is no shard yet: the first roster serve makes it shard {shard.Shard.Value}."),
        _ => Finding.Ok($"{shard.Place} leads."),
    };
}
