using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The suite over batching over PostgreSQL, as it is served.</summary>
public sealed class BatchedPostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    private static readonly BatchingOptions Two = new() { MaxInFlight = 2 };

    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions;

    protected override Task<StoreUnderTest> OpenAsync() =>
        PostgresDatabases.OpenForSuiteAsync(lab, store => new BatchingStore(store, Two, Two));
}
