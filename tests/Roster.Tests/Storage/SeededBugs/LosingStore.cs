using Roster.Core.Storage;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>Acknowledges every seventh change of an existing user without writing it.</summary>
internal sealed class LosingStore(IStore inner) : DelegatingStore(inner)
{
    private int count;

    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var lost = changes.Where(c => c.ExpectedSequence > 0 && Interlocked.Increment(ref count) % 7 == 0).ToHashSet();
        var written = new Queue<ChangeResult>(await Inner.CommitAsync([.. changes.Where(c => !lost.Contains(c))], cancellation));
        return [.. changes.Select(c => lost.Contains(c) ? new ChangeResult(ChangeOutcome.Committed, ConsistencyToken.None) : written.Dequeue())];
    }
}
