using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>
/// The one way every write goes: attempt, commit by compare-and-set, and again when somebody else was faster. Nobody waits for a turn
/// who has not lost a race; whoever has waits until those who lost before are done (<see cref="WriteTurns"/>). One for all use cases of a node.
/// </summary>
/// <param name="store">Where writes are committed.</param>
public sealed class WriteLoop(IStore store)
{
    /// <summary>How often a lost race is run again before a client is told to come back.</summary>
    internal const int MaxAttempts = 200;

    private readonly WriteTurns turns = new();

    /// <summary>Runs one write to its end.</summary>
    /// <param name="bucket">Where the user is that it changes.</param>
    /// <param name="attempt">Reads and decides; runs again after a lost race.</param>
    /// <param name="firstAnswer">What an earlier request with the same key led to; null when there was none.</param>
    /// <param name="tooMany">What to say after too many lost races.</param>
    /// <param name="cancellation">Stops waiting; a commit under way goes on.</param>
    /// <exception cref="StoreBusyException">Neither did it commit nor was a first answer found, again and again; or too many wait for their turn.</exception>
    internal async ValueTask<WriteResult<T>> RunAsync<T>(
        BucketId bucket,
        Func<CancellationToken, ValueTask<Attempt<T>>> attempt,
        Func<CancellationToken, ValueTask<WriteResult<T>?>> firstAnswer,
        string tooMany,
        CancellationToken cancellation)
        where T : class
    {
        if (await OnceAsync(attempt, firstAnswer, cancellation) is { } first)
        {
            return first;
        }

        using var turn = await turns.TakeAsync(bucket, cancellation) ?? throw new StoreBusyException(tooMany);
        for (var i = 1; i < MaxAttempts; i++)
        {
            if (await OnceAsync(attempt, firstAnswer, cancellation) is { } end)
            {
                return end;
            }
        }

        throw new StoreBusyException(tooMany);
    }

    /// <summary>One attempt; null when it lost.</summary>
    private async ValueTask<WriteResult<T>?> OnceAsync<T>(
        Func<CancellationToken, ValueTask<Attempt<T>>> attempt,
        Func<CancellationToken, ValueTask<WriteResult<T>?>> firstAnswer,
        CancellationToken cancellation)
        where T : class => await attempt(cancellation) switch
        {
            Attempt<T>.Refused { Why: var why } => await firstAnswer(cancellation) ?? why,
            Attempt<T>.Settled { State: var state, Bucket: var bucket } => new WriteResult<T>.Done(state, await store.SeenAsync(bucket, cancellation)),
            Attempt<T>.Ready ready => await CommitAsync(ready, firstAnswer, cancellation),
            var other => throw new InvalidOperationException($"No way on from {other.GetType().Name}."),
        };

    private async ValueTask<WriteResult<T>?> CommitAsync<T>(
        Attempt<T>.Ready ready, Func<CancellationToken, ValueTask<WriteResult<T>?>> firstAnswer, CancellationToken cancellation)
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
