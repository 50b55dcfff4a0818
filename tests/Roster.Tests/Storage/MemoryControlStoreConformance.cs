using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Conformance.Model;

namespace Roster.Tests.Storage;

/// <summary>The control facts over their own model.</summary>
public sealed class MemoryControlStoreConformance : ControlStoreConformance
{
    protected override Task<IControlStore> OpenAsync() => Task.FromResult<IControlStore>(new MemoryControlStore());

    protected override Task<IControlStore?> ReopenAsync() => Task.FromResult<IControlStore?>(Control);

    protected override ValueTask CloseAsync() => default;
}
