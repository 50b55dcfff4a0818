using Roster.Cli.Storage;
using Roster.Core.Storage;

namespace Roster.Cli.Doctor;

/// <summary>A check of each shard of one engine, or of any; nothing is said of what is still to be made.</summary>
internal abstract class ShardCheck<TShard> : ICheck
    where TShard : InspectedShard
{
    public ValueTask<IReadOnlyList<Finding>> RunAsync(Patient patient, CancellationToken cancellation) =>
        new([.. patient.Shards.All.OfType<TShard>().Where(Applies).Select(shard => Look(shard, patient))]);

    /// <summary>Whether there is something to look at.</summary>
    protected virtual bool Applies(TShard shard) => shard.Inside is not null;

    /// <summary>Looks at one shard.</summary>
    protected abstract Finding Find(TShard shard, Patient patient);

    private Finding Look(TShard shard, Patient patient)
    {
        try
        {
            return Find(shard, patient);
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            return Finding.Wrong($"{shard.Place}: {e.Message}");
        }
    }
}
