using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>A user's row. Every SELECT of users lists its columns in this order.</summary>
internal static class UserRow
{
    /// <summary>
    /// The user in the current row: id, tenant, sequence, version, status, name, email, email_key, attributes,
    /// created_at, updated_at, last_event_at, deleted_at.
    /// </summary>
    public static User Read(SqliteStatement row) => new()
    {
        Id = new UserId(row.Id(0)),
        Tenant = Tenants.Read(row, 1),
        Sequence = row.Int64(2),
        Version = row.Int64(3),
        Status = (UserStatus)row.Int32(4),
        Name = row.Text(5),
        Email = row.Text(6),
        EmailKey = row.Text(7),
        Attributes = Attributes.FromCanonical(row.Text(8)),
        CreatedAt = Timestamps.FromMicroseconds(row.Int64(9)),
        UpdatedAt = Timestamps.FromMicroseconds(row.Int64(10)),
        LastEventAt = Timestamps.FromMicroseconds(row.Int64(11)),
        DeletedAt = row.IsNull(12) ? null : Timestamps.FromMicroseconds(row.Int64(12)),
    };
}
