using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>
/// Answers a repeated request from its idempotency record. Looked for only when a request would otherwise fail, or
/// when its commit said that the record exists: so the common case costs no read.
/// </summary>
public sealed class UserReplay(IStore store)
{
    /// <summary>
    /// The first answer to this key; <see cref="WriteResult{T}.KeyReused"/> when it was given to another request;
    /// null when there is none.
    /// </summary>
    public async ValueTask<WriteResult<User>?> FindAsync(
        BucketId bucket, Caller caller, IdempotencyKey? key, CancellationToken cancellation)
    {
        if (key is null || await store.OutcomeAsync(bucket, caller.Actor, key.KeyHash, cancellation) is not { } record)
        {
            return null;
        }

        if (record.RequestHash != key.RequestHash)
        {
            return new WriteResult<User>.KeyReused();
        }

        // Its principal may have had a broader scope then: what it cannot reach now is as good as unknown.
        if (!caller.Reaches(record.User))
        {
            return null;
        }

        var then = await store.PastStateAsync(
            record.User, PastState.OfVersion(record.Version), ConsistencyToken.None, cancellation);
        return then is null
            ? throw new InvalidDataException($"User {record.User} has an outcome but no version {record.Version}.")
            : new WriteResult<User>.Done(then.State, ConsistencyToken.Of(then.AsOf), Replayed: true);
    }

    /// <summary>The record that lets a retry find this outcome.</summary>
    public static IdempotencyRecord RecordOf(
        IdempotencyKey key, Caller caller, User user, int status, DateTimeOffset at) => new()
        {
            Principal = caller.Actor,
            KeyHash = key.KeyHash,
            RequestHash = key.RequestHash,
            User = user.Id,
            Version = user.Version,
            Status = status,
            At = at,
        };
}
