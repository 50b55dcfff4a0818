using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The suite over batching over PostgreSQL through a pgbouncer in transaction mode, whose sessions are fewer than its clients.</summary>
public sealed class BouncedPostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    private static readonly BatchingOptions Two = new() { MaxInFlight = 2 };

    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions;

    protected override async Task<StoreUnderTest> OpenAsync() => await PostgresDatabases.OpenForSuiteAsync(
        lab, store => new BatchingStore(store, Two, Two), await lab.CreateBouncedAsync());
}
