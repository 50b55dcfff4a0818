using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>The schema is this program's.</summary>
internal sealed class MigrationCheck : ShardCheck<ServerShard>
{
    protected override Finding Find(ServerShard shard, Patient patient) => shard switch
    {
        { Inside.Schema: 0 } => Finding.Wrong($"{shard.Place} has no schema yet: roster migrate"),
        { Inside.Schema: var schema } when schema < shard.NewestSchema => Finding.Wrong(
            $"{shard.Place} has schema {schema}, and this program needs {shard.NewestSchema}: roster migrate, while the nodes run."),
        { Inside.Schema: var schema } when schema > shard.NewestSchema => Finding.Note(
            $"{shard.Place} has schema {schema}, newer than this program's {shard.NewestSchema}, which works with it all the same: bring the nodes up to the newer version."),
        _ => Finding.Ok($"{shard.Place} has this program's schema, {shard.NewestSchema}."),
    };
}
