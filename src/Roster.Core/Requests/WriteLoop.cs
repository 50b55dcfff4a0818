using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>The one way every write goes: attempt, commit by compare-and-set, and again when somebody else was faster.</summary>
internal static class WriteLoop
{
    /// <summary>How often a lost race is run again before a client is told to come back.</summary>
    internal const int MaxAttempts = 200;

    /// <summary>Runs one write to its end.</summary>
    /// <param name="store">Where it is committed.</param>
    /// <param name="attempt">Reads and decides; runs again after a lost race.</param>
    /// <param name="firstAnswer">What an earlier request with the same key led to; null when there was none.</param>
    /// <param name="tooMany">What to say after too many lost races.</param>
    /// <param name="cancellation">Stops waiting; a commit under way goes on.</param>
    /// <exception cref="StoreBusyException">Neither did it commit nor was a first answer found, again and again.</exception>
    public static async ValueTask<WriteResult<T>> RunAsync<T>(
        IStore store,
        Func<CancellationToken, ValueTask<Attempt<T>>> attempt,
        Func<CancellationToken, ValueTask<WriteResult<T>?>> firstAnswer,
        string tooMany,
        CancellationToken cancellation)
        where T : class
    {
        for (var i = 0; i < MaxAttempts; i++)
        {
            switch (await attempt(cancellation))
            {
                case Attempt<T>.Refused { Why: var why }:
                    return await firstAnswer(cancellation) ?? why;
                case Attempt<T>.Settled { State: var state, Bucket: var bucket }:
                    return new WriteResult<T>.Done(state, await store.SeenAsync(bucket, cancellation));
                case Attempt<T>.Ready ready:
                    if (await CommitAsync(store, ready, firstAnswer, cancellation) is { } end)
                    {
                        return end;
                    }

                    break;
            }
        }

        throw new StoreBusyException(tooMany);
    }

    private static async ValueTask<WriteResult<T>?> CommitAsync<T>(
        IStore store, Attempt<T>.Ready ready, Func<CancellationToken, ValueTask<WriteResult<T>?>> firstAnswer, CancellationToken cancellation)
        where T : class
    {
        var result = await store.CommitAsync(ready.Change, cancellation);
        return result.Outcome switch
        {
            ChangeOutcome.Committed => new WriteResult<T>.Done(ready.Then, result.AsOf),
            ChangeOutcome.EmailTaken => await firstAnswer(cancellation) ?? new WriteResult<T>.EmailTaken(),
            ChangeOutcome.KeyUsed => await firstAnswer(cancellation),
            _ => null,
        };
    }
}
