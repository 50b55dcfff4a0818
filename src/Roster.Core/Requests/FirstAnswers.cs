using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>
/// Answers repeated requests from their idempotency records. Looked for only when a request would otherwise fail, or
/// when its commit said that the record exists: so the common case costs no read.
/// </summary>
internal static class FirstAnswers
{
    /// <summary>
    /// The first answer to this key; <see cref="WriteResult{T}.KeyReused"/> when it was given to another request;
    /// null when there is none.
    /// </summary>
    /// <param name="store">Where the record is.</param>
    /// <param name="bucket">The bucket of the change.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="key">The request's key, if it has one.</param>
    /// <param name="rebuild">The state that the record names.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async ValueTask<WriteResult<T>?> FirstAnswerAsync<T>(
        this IStore store,
        BucketId bucket,
        Caller caller,
        IdempotencyKey? key,
        Func<IdempotencyRecord, CancellationToken, ValueTask<T>> rebuild,
        CancellationToken cancellation)
        where T : class
    {
        if (key is null || await store.OutcomeAsync(bucket, caller.Actor, key.KeyHash, cancellation) is not { } record)
        {
            return null;
        }

        if (record.RequestHash != key.RequestHash)
        {
            return new WriteResult<T>.KeyReused();
        }

        // Its principal may have had a broader scope then: what it cannot reach now is as good as unknown.
        if (!caller.Reaches(record.User))
        {
            return null;
        }

        var state = await rebuild(record, cancellation);
        return new WriteResult<T>.Done(state, await store.SeenAsync(bucket, cancellation), Replayed: true);
    }
}
