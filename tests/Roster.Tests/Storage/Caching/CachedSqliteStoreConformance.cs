using Roster.Core.Storage.Caching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;
using Roster.Tests.Storage.Sqlite;

namespace Roster.Tests.Storage.Caching;

/// <summary>The suite over the cache over SQLite, as it is served.</summary>
public sealed class CachedSqliteStoreConformance : StoreConformance
{
    protected override IReadOnlyDictionary<string, string> Exceptions => FollowedStore.Exceptions;

    protected override Task<StoreUnderTest> OpenAsync() => new SqliteFolder().OpenForSuiteAsync(store => FollowedStore.Over(store));
}

/// <summary>The same with a memory so small that rows and changes are forgotten all the time.</summary>
public sealed class TinyCachedSqliteStoreConformance : StoreConformance
{
    private static readonly CacheOptions Tiny = new() { MaxBytes = 8_000, Remembered = 4 };

    protected override IReadOnlyDictionary<string, string> Exceptions => FollowedStore.Exceptions;

    protected override Task<StoreUnderTest> OpenAsync() => new SqliteFolder().OpenForSuiteAsync(store => FollowedStore.Over(store, Tiny));
}
