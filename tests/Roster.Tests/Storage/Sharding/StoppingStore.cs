using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Where a node stops: before call number <paramref name="at"/> to any shard, counted from 0, until it is resumed.</summary>
internal sealed class StoppingPoint(int at)
{
    private readonly TaskCompletionSource resumed = new();
    private int calls;

    /// <summary>Lets the node go on; without it the node is dead.</summary>
    public void Resume() => resumed.SetResult();

    public Task PassAsync() => calls++ == at ? resumed.Task : Task.CompletedTask;
}

/// <summary>A node's way to a shard, with a stopping point. After a call is before the next one.</summary>
internal sealed class StoppingStore(IStore inner, StoppingPoint point) : DelegatingStore(inner)
{
    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        await point.PassAsync();
        return await Inner.CommitAsync(changes, cancellation);
    }

    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        await point.PassAsync();
        return await Inner.UsersAsync(ids, after, cancellation);
    }

    public override async ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation)
    {
        await point.PassAsync();
        return await Inner.StandingAsync(user, cancellation);
    }

    public override async ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation)
    {
        await point.PassAsync();
        return await Inner.ClaimAsync(email, cancellation);
    }
}
