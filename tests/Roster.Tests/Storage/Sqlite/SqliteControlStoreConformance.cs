using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Sqlite;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>The control facts over SQLite; no exceptions.</summary>
public sealed class SqliteControlStoreConformance : ControlStoreConformance
{
    private readonly SqliteFolder folder = new();
    private SqliteStore? store;

    protected override async Task<IControlStore> OpenAsync() => (store = await folder.OpenAsync()).Control;

    protected override async Task<IControlStore?> ReopenAsync()
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
