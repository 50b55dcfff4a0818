using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Tests.Users;

/// <summary>Runs what a test wants to happen just before a commit, or answers a commit itself.</summary>
internal sealed class FaultyStore(IStore inner) : DelegatingStore(inner)
{
    /// <summary>Every change that was sent, in order.</summary>
    public List<Change> Sent { get; } = [];

    /// <summary>Called before a commit reaches the store, with the number of the attempt from 1.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The outcome of every commit, which then never reaches the store; null to pass it on.</summary>
    public ChangeOutcome? Always { get; set; }

    /// <summary>How many records of earlier requests were looked for.</summary>
    public int OutcomesLookedUp { get; private set; }

    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        Sent.AddRange(changes);
        await Before(Sent.Count);
        return Always is { } outcome
            ? [.. changes.Select(_ => new ChangeResult(outcome, ConsistencyToken.None))]
            : await Inner.CommitAsync(changes, cancellation);
    }

    public override ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation)
    {
        OutcomesLookedUp++;
        return Inner.OutcomeAsync(bucket, principal, keyHash, cancellation);
    }
}
