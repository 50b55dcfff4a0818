using Roster.Cli.Storage;

namespace Roster.Cli.Doctor.Embedded;

/// <summary>The store can be opened, and its schema is one that this program serves.</summary>
internal sealed class SchemaCheck : ShardCheck<EmbeddedShard>
{
    protected override bool Applies(EmbeddedShard shard) => Directory.Exists(shard.Folder);

    protected override Finding Find(EmbeddedShard shard, Patient patient) => shard switch
    {
        { Inside: null, Holder: null } when !Directory.EnumerateFileSystemEntries(shard.Folder).Any() =>
            Finding.Note($"{shard.Folder} is empty: the first roster serve fills it."),
        { Inside: null } => Finding.Wrong(shard.Problem!),
        { Inside.Schema: var schema } when schema < shard.NewestSchema && shard.Holder is not null => Finding.Note(
            $"{shard.Folder} has schema {schema}, this program {shard.NewestSchema}: an older server runs, and the next start brings it up."),
        { Inside.Schema: var schema } when schema < shard.NewestSchema => Finding.Note(
            $"{shard.Folder} has schema {schema}, this program {shard.NewestSchema}: the next roster serve, or roster migrate, brings it up."),
        _ => Finding.Ok($"{shard.Folder} has this program's schema, {shard.Inside!.Schema}."),
    };
}
