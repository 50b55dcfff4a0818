using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>Answers a repeated request on a user with the state that the first one led to.</summary>
public sealed class UserReplay(IStore store)
{
    /// <summary>
    /// The first answer to this key; <see cref="WriteResult{T}.KeyReused"/> when it was given to another request;
    /// null when there is none.
    /// </summary>
    public ValueTask<WriteResult<User>?> FindAsync(
        BucketId bucket, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        store.FirstAnswerAsync(bucket, caller, key, RebuildAsync, cancellation);

    private async ValueTask<User> RebuildAsync(
        IdempotencyRecord record, CancellationToken cancellation)
    {
        var then = await store.PastStateAsync(
            record.User, PastState.OfVersion(record.Version), ConsistencyToken.Latest, cancellation);
        return then is null
            ? throw new InvalidDataException($"User {record.User} has an outcome but no version {record.Version}.")
            : then.State;
    }
}
