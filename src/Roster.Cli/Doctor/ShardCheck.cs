using Roster.Cli.Storage;
using Roster.Core.Storage;

namespace Roster.Cli.Doctor;

/// <summary>A check of each shard that has a folder; nothing is said of what is still to be made.</summary>
internal abstract class ShardCheck : ICheck
{
    public ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation) =>
        new([.. patient.Shards.All.Where(Applies).Select(shard => Look(shard, patient))]);

    /// <summary>Whether there is something to look at.</summary>
    protected virtual bool Applies(InspectedShard shard) => Directory.Exists(shard.Folder);

    /// <summary>Looks at one shard.</summary>
    protected abstract Finding Find(InspectedShard shard, Patient patient);

    private Finding Look(InspectedShard shard, Patient patient)
    {
        try
        {
            return Find(shard, patient);
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            return Finding.Wrong($"{shard.Folder}: {e.Message}");
        }
    }
}
