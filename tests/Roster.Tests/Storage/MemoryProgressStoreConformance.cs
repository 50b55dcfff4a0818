using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Conformance.Model;

namespace Roster.Tests.Storage;

/// <summary>The progress facts over their own model.</summary>
public sealed class MemoryProgressStoreConformance : ProgressStoreConformance
{
    protected override Task<IProgressStore> OpenAsync() => Task.FromResult<IProgressStore>(new MemoryProgressStore());

    protected override Task<IProgressStore?> ReopenAsync() => Task.FromResult<IProgressStore?>(Progress);

    protected override ValueTask CloseAsync() => default;
}
