using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;

namespace Roster.Storage.Sqlite;

/// <summary>A post's row. Every SELECT of posts lists its columns in this order.</summary>
internal static class PostRow
{
    /// <summary>The post in the current row: id, user_id, tenant, text, version, created_at, updated_at.</summary>
    public static Post Read(SqliteStatement row) => new()
    {
        Id = new PostId(row.Id(0)),
        User = new UserId(row.Id(1)),
        Tenant = Tenants.Read(row, 2),
        Text = row.Text(3),
        Version = row.Int64(4),
        CreatedAt = Timestamps.FromMicroseconds(row.Int64(5)),
        UpdatedAt = Timestamps.FromMicroseconds(row.Int64(6)),
    };
}
