using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about posts, for one reading connection. Posts of deleted authors are not there any more.</summary>
internal sealed class PostReads(SqliteDatabase database)
{
    private readonly SqliteStatement byId = database.Prepare("""
        SELECT p.id, p.user_id, p.tenant, p.text, p.version, p.created_at, p.updated_at
        FROM posts AS p CROSS JOIN users AS u ON u.id = p.user_id
        WHERE p.id = ?1 AND u.status <> 2
        """);

    private readonly SqliteStatement newest = database.Prepare("""
        SELECT p.id, p.user_id, p.tenant, p.text, p.version, p.created_at, p.updated_at
        FROM users AS u CROSS JOIN posts AS p ON p.user_id = u.id
        WHERE u.id = ?1 AND u.status <> 2 AND p.created_at < ?2
        ORDER BY p.created_at DESC LIMIT ?3
        """);

    /// <summary>A post, or null.</summary>
    public Post? ById(PostId id)
    {
        using (byId.Bind(1, id.Value).Open())
        {
            return byId.Step() ? PostRow.Read(byId) : null;
        }
    }

    /// <summary>An author's newest posts.</summary>
    public IReadOnlyList<Post> Newest(PostsOf author, int limit)
    {
        var before = author.Before is { } time ? Timestamps.ToMicroseconds(time) : long.MaxValue;
        var posts = new List<Post>();
        using (newest.Bind(1, author.User.Value).Bind(2, before).Bind(3, Math.Max(limit, 0)).Open())
        {
            while (newest.Step())
            {
                posts.Add(PostRow.Read(newest));
            }
        }

        return posts;
    }
}
