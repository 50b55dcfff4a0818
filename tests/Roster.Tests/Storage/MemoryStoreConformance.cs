using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Conformance.Model;

namespace Roster.Tests.Storage;

/// <summary>The suite over its own model: it must at least agree with itself.</summary>
public sealed class MemoryStoreConformance : StoreConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => Task.FromResult(Over(new MemoryStore(SuiteEncoders.All)));

    private static StoreUnderTest Over(MemoryStore store) => new()
    {
        Store = store,
        Rebuild = store,
        Reopen = () => Task.FromResult(Over(store)),
    };
}
