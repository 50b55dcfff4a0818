using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The suite over PostgreSQL.</summary>
public sealed class PostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions;

    protected override Task<StoreUnderTest> OpenAsync() => PostgresDatabases.OpenForSuiteAsync(lab, store => store);
}
