using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>A pooler is told of: without prepared statements, and with a way past it.</summary>
internal sealed class PoolerCheck : ShardCheck<ServerShard>
{
    protected override bool Applies(ServerShard shard) => shard.Database is { Server.IsBehindPooler: true };

    protected override Finding Find(ServerShard shard, Patient patient) => shard.Options switch
    {
        { PrepareStatements: true } => Finding.Wrong(
            $"{shard.Place} is a pooler, and prepared statements break behind pgbouncer before 1.21: set Roster:Postgres:PrepareStatements to false."),
        { Direct: null } => Finding.Wrong(
            $"{shard.Place} is a pooler, through which no migration can run: set Roster:Shards:{shard.Shard.Value}:Direct to the server behind it."),
        _ => Finding.Ok($"{shard.Place} is a pooler; prepared statements are off, and migrations go past it."),
    };
}
