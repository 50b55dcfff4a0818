using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Sqlite;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>The progress facts over SQLite; no exceptions.</summary>
public sealed class SqliteProgressStoreConformance : ProgressStoreConformance
{
    private readonly SqliteFolder folder = new();
    private SqliteStore? store;

    protected override async Task<IProgressStore> OpenAsync() => (store = await folder.OpenAsync()).Progress;

    protected override async Task<IProgressStore?> ReopenAsync()
    {
        await store!.DisposeAsync();
        return await OpenAsync();
    }

    protected override async ValueTask CloseAsync()
    {
        await store!.DisposeAsync();
        folder.Delete();
    }
}
