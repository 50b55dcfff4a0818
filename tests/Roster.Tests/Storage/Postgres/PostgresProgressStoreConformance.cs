using Roster.Core.Storage;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Postgres;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The progress facts over PostgreSQL; no exceptions.</summary>
public sealed class PostgresProgressStoreConformance(PostgresLab lab) : ProgressStoreConformance
{
    private PostgresOptions? options;
    private PostgresStore? store;

    protected override async Task<IProgressStore> OpenAsync()
    {
        options ??= await lab.CreateAsync();
        store = await PostgresDatabases.OpenAsync(options);
        return store.Progress;
    }

    protected override async Task<IProgressStore?> ReopenAsync()
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
