using Roster.Core.Storage;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>The last writer wins: a stale change is written over whatever is there.</summary>
internal sealed class SequenceBlindStore(IStore inner) : DelegatingStore(inner)
{
    public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var current = await Inner.UsersAsync([.. changes.Select(c => c.User)], ConsistencyToken.None, cancellation);
        return await Inner.CommitAsync(
            [.. changes.Zip(current, (c, now) => c with { ExpectedSequence = now?.State.Sequence ?? 0 })], cancellation);
    }
}
