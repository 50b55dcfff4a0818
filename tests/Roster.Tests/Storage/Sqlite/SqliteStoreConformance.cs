using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>The suite over SQLite; no exceptions.</summary>
public sealed class SqliteStoreConformance : StoreConformance
{
    protected override Task<StoreUnderTest> OpenAsync() => new SqliteFolder().OpenForSuiteAsync(store => store);
}
