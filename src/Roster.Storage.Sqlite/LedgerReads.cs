using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>Questions of rebuilding, for one reading connection: rows as they lie there, tombstones' posts too.</summary>
internal sealed class LedgerReads(SqliteDatabase database)
{
    // Each part is read in id order from its index, and the union merges them: nothing is sorted.
    private readonly SqliteStatement ids = database.Prepare("""
        SELECT id FROM users WHERE id > ?1
        UNION SELECT user_id FROM posts WHERE user_id > ?1
        UNION SELECT user_id FROM claims WHERE user_id > ?1
        UNION SELECT user_id FROM events WHERE user_id > ?1
        ORDER BY 1 LIMIT ?2
        """);

    private readonly SqliteStatement posts = database.Prepare("""
        SELECT id, user_id, tenant, text, version, created_at, updated_at
        FROM posts WHERE user_id = ?1 ORDER BY created_at
        """);

    private readonly SqliteStatement claims = database.Prepare(
        "SELECT bucket, tenant, email_key FROM claims WHERE user_id = ?1");

    /// <summary>Ids after another, found by any row that names them.</summary>
    public IReadOnlyList<UserId> Ids(UserId? after, int limit)
    {
        _ = after is { } last ? ids.Bind(1, last.Value) : ids.Bind(1, default(ReadOnlySpan<byte>));
        var found = new List<UserId>();
        using (ids.Bind(2, Math.Max(limit, 0)).Open())
        {
            while (ids.Step())
            {
                found.Add(new UserId(ids.Id(0)));
            }
        }

        return found;
    }

    /// <summary>A user's post rows.</summary>
    public IReadOnlyList<Post> Posts(UserId user)
    {
        var found = new List<Post>();
        using (posts.Bind(1, user.Value).Open())
        {
            while (posts.Step())
            {
                found.Add(PostRow.Read(posts));
            }
        }

        return found;
    }

    /// <summary>The claims that name a user.</summary>
    public IReadOnlyList<ClaimKey> Claims(UserId user)
    {
        var found = new List<ClaimKey>();
        using (claims.Bind(1, user.Value).Open())
        {
            while (claims.Step())
            {
                found.Add(new ClaimKey(new BucketId(claims.Int32(0)), Tenants.Read(claims, 1), claims.Text(2)));
            }
        }

        return found;
    }
}
