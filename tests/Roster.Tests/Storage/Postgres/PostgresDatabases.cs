using Roster.Core.Storage;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Stores for the suite, each over a database of its own.</summary>
internal static class PostgresDatabases
{
    private const string Ring = "What expires lies in a ring of partitions, and one is truncated whole: that costs the same whatever it holds.";

    /// <summary>What PostgreSQL does otherwise.</summary>
    public static IReadOnlyDictionary<string, string> Exceptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["A_clean_up_step_removes_at_most_the_limit_of_each_kind"] = Ring,
    };

    public static Task<PostgresStore> OpenAsync(PostgresOptions options) =>
        PostgresStore.OpenAsync(options, SuiteEncoders.All, CancellationToken.None);

    /// <summary>A store for the suite, behind a decorator or none.</summary>
    public static async Task<StoreUnderTest> OpenForSuiteAsync(
        PostgresLab lab, Func<PostgresStore, IStore> decorate, PostgresOptions? existing = null)
    {
        var options = existing ?? await lab.CreateAsync();
        var store = await OpenAsync(options);
        return new StoreUnderTest
        {
            Store = decorate(store),
            Rebuild = store,
            Reopen = () => OpenForSuiteAsync(lab, decorate, options),
            CleanUp = async () => await lab.DropAsync(options),
        };
    }
}
