using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>A user's row.</summary>
internal static class UserRow
{
    /// <summary>What every SELECT of users lists, in the order that <see cref="Read"/> reads it in; of the table <c>u</c>.</summary>
    public const string Columns = """
        u.id, u.tenant, u.sequence, u.version, u.status, u.name, u.email, u.email_key, u.attributes,
        u.created_at, u.updated_at, u.last_event_at, u.deleted_at
        """;

    /// <summary>The user in the current row.</summary>
    public static User Read(NpgsqlDataReader row) => new()
    {
        Id = new UserId(row.GetGuid(0)),
        Tenant = Tenant(row, 1),
        Sequence = row.GetInt64(2),
        Version = row.GetInt64(3),
        Status = (UserStatus)row.GetInt16(4),
        Name = row.GetString(5),
        Email = row.GetString(6),
        EmailKey = row.GetString(7),
        Attributes = Attributes.FromCanonical(row.GetString(8)),
        CreatedAt = Timestamps.FromMicroseconds(row.GetInt64(9)),
        UpdatedAt = Timestamps.FromMicroseconds(row.GetInt64(10)),
        LastEventAt = Timestamps.FromMicroseconds(row.GetInt64(11)),
        DeletedAt = row.IsDBNull(12) ? null : Timestamps.FromMicroseconds(row.GetInt64(12)),
    };

    /// <summary>A column's tenant.</summary>
    public static TenantId Tenant(NpgsqlDataReader row, int column) => new(row.GetString(column));
}
