using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Postgres;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The control facts over PostgreSQL; no exceptions.</summary>
public class PostgresControlStoreConformance(PostgresLab lab) : ControlStoreConformance
{
    private PostgresOptions? options;
    private PostgresStore? store;

    protected PostgresLab Lab => lab;

    protected virtual Task<PostgresOptions> CreateAsync() => lab.CreateAsync();

    protected override async Task<IControlStore> OpenAsync()
    {
        options ??= await CreateAsync();
        store = await PostgresDatabases.OpenAsync(options);
        return store.Control;
    }

    protected override async Task<IControlStore?> ReopenAsync()
    {
        await store!.DisposeAsync();
        return await OpenAsync();
    }

    protected override async ValueTask CloseAsync()
    {
        await store!.DisposeAsync();
        await lab.DropAsync(options!);
    }
}
