using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Sqlite;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>A data folder of a test, and the stores opened in it.</summary>
internal sealed class SqliteFolder(int shard = 0)
{
    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("roster-").FullName, "data");

    public string Database => System.IO.Path.Combine(Path, "roster.db");

    public SqliteOptions Options => new() { Folder = Path, Shard = new ShardId(shard) };

    public Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(Options, SuiteEncoders.All, CancellationToken.None);

    /// <summary>A store for the suite, behind a decorator or none.</summary>
    public async Task<StoreUnderTest> OpenForSuiteAsync(Func<SqliteStore, IStore> decorate)
    {
        var store = await OpenAsync();
        return new StoreUnderTest
        {
            Store = decorate(store),
            Rebuild = store,
            Reopen = () => OpenForSuiteAsync(decorate),
            CleanUp = () =>
            {
                Delete();
                return default;
            },
        };
    }

    public void Delete() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
