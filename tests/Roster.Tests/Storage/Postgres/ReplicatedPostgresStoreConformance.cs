using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Conformance.Histories;

namespace Roster.Tests.Storage.Postgres;

/// <summary>
/// The suite over a primary and a replica that reads go to. Its facts mean "seen by every later read"; with replicas that is
/// promised to reads that carry the commit's token, so each does.
/// </summary>
public sealed class ReplicatedPostgresStoreConformance(PostgresLab lab) : StoreConformance
{
    private static readonly BatchingOptions Two = new() { MaxInFlight = 2 };

    protected override IReadOnlyDictionary<string, string> Exceptions { get; } = new Dictionary<string, string>(PostgresDatabases.Exceptions, StringComparer.Ordinal)
    {
        ["A_restore_puts_right_what_was_damaged_and_makes_no_entry"] = "A restore gives no token, so a read after it may come from a replica that has not replayed it.",
    };

    protected override SharedTokens Tokens { get; } = new();

    protected override async Task<StoreUnderTest> OpenAsync() => await PostgresDatabases.OpenForSuiteAsync(
        lab, store => new CarriedTokens(new BatchingStore(store, Two, Two), Tokens), await lab.CreateReplicatedAsync());
}
