using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Tests.Storage;

namespace Roster.Tests.Events.Outboxes;

/// <summary>A process that is paused, as its store sees it: nothing is asked, until it wakes up.</summary>
internal sealed class Pause
{
    private volatile TaskCompletionSource? paused;

    public Task Point => paused?.Task ?? Task.CompletedTask;

    public void Begin() => paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End()
    {
        var waking = paused;
        paused = null;
        waking?.SetResult();
    }
}

/// <summary>Leases that cannot be asked for during a pause.</summary>
internal sealed class PausableControl(IControlStore inner, Pause pause) : DelegatingControlStore(inner)
{
    public override async ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation)
    {
        await pause.Point;
        return await base.AcquireLeaseAsync(name, holder, now, duration, cancellation);
    }

    public override async ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation)
    {
        await pause.Point;
        return await base.LeasesAsync(prefix, cancellation);
    }

    public override async ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation)
    {
        await pause.Point;
        await base.ReleaseLeaseAsync(name, fence, cancellation);
    }
}

/// <summary>Outboxes that cannot be read during a pause.</summary>
internal sealed class PausableStore(IStore inner, Pause pause) : DelegatingStore(inner)
{
    public override async ValueTask<OutboxPage> OutboxAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation)
    {
        await pause.Point;
        return await base.OutboxAsync(shard, after, limit, cancellation);
    }
}
