using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>Reads tenants without making the same string for every row.</summary>
internal static class Tenants
{
    /// <summary>A column's tenant.</summary>
    public static TenantId Read(SqliteStatement row, int column) =>
        row.Bytes(column).SequenceEqual("default"u8) ? TenantId.Default : new TenantId(row.Text(column));
}
