using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>The suite over batching over SQLite, as it is served; no exceptions.</summary>
public sealed class BatchedSqliteStoreConformance : StoreConformance
{
    private static readonly BatchingOptions Two = new() { MaxInFlight = 2 };

    protected override Task<StoreUnderTest> OpenAsync() =>
        new SqliteFolder().OpenForSuiteAsync(store => new BatchingStore(store, Two, Two));
}
