using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;
using Roster.Tests.Storage.Postgres;

namespace Roster.Tests.Storage.Caching;

/// <summary>The suite over the cache over PostgreSQL.</summary>
public sealed class CachedPostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    protected override IReadOnlyDictionary<string, string> Exceptions => PostgresDatabases.Exceptions.Concat(FollowedStore.Exceptions).ToDictionary(StringComparer.Ordinal);

    protected override Task<StoreUnderTest> OpenAsync() => PostgresDatabases.OpenForSuiteAsync(lab, store => FollowedStore.Over(store));
}
