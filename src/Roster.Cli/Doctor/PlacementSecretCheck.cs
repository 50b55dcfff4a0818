using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>The placement secret is there: without it nobody is found by e-mail.</summary>
internal sealed class PlacementSecretCheck : ContentCheck
{
    protected override bool Applies(InspectedShard shard) => base.Applies(shard) && shard.Shard == Core.Ids.ShardId.Control;

    protected override Finding Find(InspectedShard shard, Patient patient) => shard switch
    {
        _ when shard.Inside!.HasSecret(OpenedStorage.PlacementSecret) => Finding.Ok("The placement secret is there."),
        { Inside.Events: 0 } => Finding.Note("There is no placement secret yet: the next roster serve makes it."),
        _ => Finding.Wrong("The placement secret is missing, so e-mails would be looked for in wrong places: do not serve this store, restore a backup."),
    };
}
