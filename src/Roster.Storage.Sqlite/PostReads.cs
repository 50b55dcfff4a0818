using System.Globalization;
using System.Text;
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

    // One statement for all authors, each a pair of id and time; each author's posts are read from its index, newest first.
    private readonly SqliteStatement newest = database.Prepare("""
        SELECT p.id, p.user_id, p.tenant, p.text, p.version, p.created_at, p.updated_at, a.key
        FROM json_each(?1) AS a
        CROSS JOIN users AS u ON u.id = unhex(a.value ->> 0) AND u.status <> 2
        CROSS JOIN posts AS p ON p.id IN (
            SELECT id FROM posts AS q WHERE q.user_id = u.id AND q.created_at < a.value ->> 1
            ORDER BY q.created_at DESC LIMIT ?2)
        """);

    /// <summary>A post, or null.</summary>
    public Post? ById(PostId id)
    {
        using (byId.Bind(1, id.Value).Open())
        {
            return byId.Step() ? PostRow.Read(byId) : null;
        }
    }

    /// <summary>Each author's newest posts, in the order of the authors.</summary>
    public IReadOnlyList<List<Post>> Newest(IReadOnlyList<PostsOf> authors, int limit)
    {
        List<Post>[] posts = [.. authors.Select(_ => new List<Post>())];
        using (newest.Bind(1, Pairs(authors)).Bind(2, Math.Max(limit, 0)).Open())
        {
            while (newest.Step())
            {
                posts[newest.Int32(7)].Add(PostRow.Read(newest));
            }
        }

        Array.ForEach(posts, page => page.Sort((one, other) => other.CreatedAt.CompareTo(one.CreatedAt)));
        return posts;
    }

    private static string Pairs(IReadOnlyList<PostsOf> authors)
    {
        var json = new StringBuilder("[", 64 * authors.Count);
        foreach (var (user, before) in authors)
        {
            var time = before is { } at ? Timestamps.ToMicroseconds(at) : long.MaxValue;
            json.Append(json.Length > 1 ? "," : string.Empty).Append(CultureInfo.InvariantCulture, $"[\"{user.Value:N}\",{time}]");
        }

        return json.Append(']').ToString();
    }
}
