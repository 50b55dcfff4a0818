using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Storage;

/// <summary>All shards while they are looked at, whatever their engine.</summary>
/// <param name="All">The shards, by number.</param>
internal sealed record InspectedShards(IReadOnlyList<InspectedShard> All) : IDisposable
{
    /// <summary>The shard that holds the control data.</summary>
    public InspectedShard Control => All[0];

    /// <summary>Looks at every shard of the settings; one that cannot be reached is there with its problem.</summary>
    public static async Task<InspectedShards> OpenAsync(RosterSettings settings, CancellationToken cancellation) =>
        settings.Postgres is { } postgres
            ? await PostgresShards.InspectAsync(postgres, cancellation)
            : EmbeddedShards.Of(settings).Inspect();

    /// <summary>The shard map, once it is stored; before, shard 0 owns everything.</summary>
    /// <exception cref="StoreUnavailableException">The control shard cannot be read.</exception>
    public ShardMap Map() =>
        Control.Inside is { } inside
            ? inside.Map() ?? new ShardMap(0, [.. Enumerable.Repeat(ShardId.Control, BucketId.Count)])
            : throw new StoreUnavailableException($"The shard map cannot be read: {Control.Problem}");

    public void Dispose()
    {
        foreach (var shard in All)
        {
            shard.Dispose();
        }
    }
}
