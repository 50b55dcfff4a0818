using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Tests.Storage.Caching;

/// <summary>A store of which one read can be paused after it has read.</summary>
internal sealed class PausedReads(IStore inner) : DelegatingStore(inner)
{
    private TaskCompletionSource? hasRead;
    private TaskCompletionSource? mayGoOn;

    /// <summary>How often users were read.</summary>
    public int Reads { get; private set; }

    /// <summary>Starts a read and returns when it stands between the store and its caller.</summary>
    public async Task<Task<T>> PauseAsync<T>(Func<ValueTask<T>> read)
    {
        (hasRead, mayGoOn) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
        var reading = read().AsTask();
        await hasRead.Task;
        hasRead = null;
        return reading;
    }

    /// <summary>Lets it go on to its end.</summary>
    public async Task<T> GoOnAsync<T>(Task<T> reading)
    {
        mayGoOn!.SetResult();
        return await reading;
    }

    public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        Reads++;
        var found = await base.UsersAsync(ids, after, cancellation);
        if (hasRead is { } paused)
        {
            paused.TrySetResult();
            await mayGoOn!.Task;
        }

        return found;
    }
}
