using Npgsql;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;

namespace Roster.Storage.Postgres;

/// <summary>A post's row.</summary>
internal static class PostRow
{
    /// <summary>What every SELECT of posts lists, in the order that <see cref="Read"/> reads it in; of the table <c>p</c>.</summary>
    public const string Columns = "p.id, p.user_id, p.tenant, p.text, p.version, p.created_at, p.updated_at";

    /// <summary>The post in the current row.</summary>
    public static Post Read(NpgsqlDataReader row) => new()
    {
        Id = new PostId(row.GetGuid(0)),
        User = new UserId(row.GetGuid(1)),
        Tenant = UserRow.Tenant(row, 2),
        Text = row.GetString(3),
        Version = row.GetInt64(4),
        CreatedAt = Timestamps.FromMicroseconds(row.GetInt64(5)),
        UpdatedAt = Timestamps.FromMicroseconds(row.GetInt64(6)),
    };
}
