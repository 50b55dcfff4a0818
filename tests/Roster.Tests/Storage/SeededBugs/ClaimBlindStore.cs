using Roster.Core.Storage;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>Lets everybody have every e-mail.</summary>
internal sealed class ClaimBlindStore(IStore inner) : DelegatingStore(inner)
{
    public override ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        Inner.CommitAsync([.. changes.Select(c => c with { Claims = [] })], cancellation);
}
