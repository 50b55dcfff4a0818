using Roster.Storage.Postgres;

namespace Roster.Tests.Storage.Postgres;

/// <summary>The control facts through a pgbouncer in transaction mode.</summary>
public sealed class BouncedPostgresControlStoreConformance(PostgresLab lab) : PostgresControlStoreConformance(lab)
{
    protected override Task<PostgresOptions> CreateAsync() => Lab.CreateBouncedAsync();
}
