using Roster.Core.Storage;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Where a node stops: before call number <paramref name="at"/> to any shard, counted from 0, until it is resumed.</summary>
internal sealed class StoppingPoint(int at)
{
    private readonly TaskCompletionSource resumed = new();
    private int calls;

    /// <summary>Lets the node go on; without it the node is dead.</summary>
    public void Resume() => resumed.SetResult();

    /// <summary>The node's way to a shard. After a call is before the next one.</summary>
    public IStore Before(IStore shard) => new WatchedStore(shard, () => calls++ == at ? resumed.Task : Task.CompletedTask);
}
