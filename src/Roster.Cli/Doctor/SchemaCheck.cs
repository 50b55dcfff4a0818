using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>The store can be opened, and its schema is one that this program serves.</summary>
internal sealed class SchemaCheck : ShardCheck
{
    protected override Finding Find(InspectedShard shard, Patient patient) => shard switch
    {
        { Inside: null, Holder: null } when !Directory.EnumerateFileSystemEntries(shard.Folder).Any() =>
            Finding.Note($"{shard.Folder} is empty: the first roster serve fills it."),
        { Inside: null } => Finding.Wrong(shard.Problem!),
        { Inside.Schema: var schema } when schema < InspectedShard.NewestSchema && shard.Holder is not null => Finding.Note(
            $"{shard.Folder} has schema {schema}, this program {InspectedShard.NewestSchema}: an older server runs, and the next start brings it up."),
        { Inside.Schema: var schema } when schema < InspectedShard.NewestSchema => Finding.Note(
            $"{shard.Folder} has schema {schema}, this program {InspectedShard.NewestSchema}: the next roster serve, or roster migrate, brings it up."),
        _ => Finding.Ok($"{shard.Folder} has this program's schema, {shard.Inside!.Schema}."),
    };
}
